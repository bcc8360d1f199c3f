/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which messages wait for which executions: many to many. A message is held
 * while it is admitted and while any of its executions runs, and is closed when
 * each of them, and the record of what was refused in it, is durable. A
 * redelivery brings a newer receipt handle to the message that is held.
 */
#ifndef KG_INTAKE_DELIVERY_H
#define KG_INTAKE_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/sqs.h"
#include "util/error.h"

struct delivery;
struct engine;
struct health;
struct loop;
struct store;

/* Holds nothing yet; borrows all for its life. */
struct delivery *delivery_new(struct loop *loop, struct aws *aws,
    struct engine *engine, struct store *store, struct health *health,
    const char *queue_url);

/* Takes a message that was just received; false when it is held already. */
bool delivery_take(
    struct delivery *delivery, const struct sqs_message *message);

/* The queue's own VisibilityTimeout. */
void delivery_set_visibility(struct delivery *delivery, int seconds);

/* How many messages are held, and were deleted since the start. */
size_t delivery_held(const struct delivery *delivery);
int64_t delivery_deleted(const struct delivery *delivery);

/* Whether no acknowledgement is outstanding. */
bool delivery_quiet(const struct delivery *delivery);

/* Cancels what is under way and frees; the loop must not run any more, since
 * the store may still hold a refusal of ours. NULL is fine. */
void delivery_free(struct delivery *delivery);

#endif
