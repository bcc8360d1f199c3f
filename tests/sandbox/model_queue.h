/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A standard queue: what is visible, in flight, gone, or dead, without the
 * wire. Times are AWS's, in milliseconds.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_QUEUE_H
#define KG_TESTS_SANDBOX_MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/model_state.h"
#include "util/error.h"

#define VISIBILITY_MAX_S 43200 /* in all, since the receive */

/* The queue of that account (NULL: any), Region (NULL: any) and name. */
struct queue *queue_find(const struct model *model, const char *account,
    const char *region, const char *name);

/* Appends a message that is visible at once. */
struct message *queue_put(struct model *model, struct queue *queue,
    const char *body, size_t len, int64_t now_ms);

/* Frees a message that is in no queue. */
void message_free(struct message *message);

/*
 * The next message to hand out: visible, and not received too often already,
 * which sends it to the dead letters. NULL when there is none.
 */
struct message *queue_next(
    struct model *model, struct queue *queue, int64_t now_ms);

/* Notes that a message is handed out, hidden for so long, under a new receipt;
 * returns its receipt handle, which the caller frees. */
char *queue_receive(struct model *model, struct queue *queue,
    struct message *message, int64_t now_ms, int64_t hidden_ms);

/* Deletes by receipt handle; an old handle "succeeds". `revive`: the message
 * comes back when its time is over. Errors carry the Query code as name. */
bool queue_delete(struct model *model, struct queue *queue, const char *handle,
    bool revive, struct error *error);

/* Hides a message for `seconds` from now; an old handle changes nothing. */
bool queue_hide(struct model *model, struct queue *queue, const char *handle,
    int64_t seconds, int64_t now_ms, struct error *error);

/* How many messages are in flight. */
int64_t queue_in_flight(const struct queue *queue, int64_t now_ms);

/* When the next hidden message becomes visible; INT64_MAX: none is. */
int64_t queue_wake_ms(const struct queue *queue, int64_t now_ms);

#endif
