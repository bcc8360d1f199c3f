/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of a scenario: it answers every call to SQS by itself, so that a
 * scenario has to speak of the messages alone.
 */
#ifndef KG_TESTS_SCENARIOS_QUEUE_H
#define KG_TESTS_SCENARIOS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "fake/fake_http.h"

#define QUEUE_MESSAGES 16

struct queue {
	struct http_request *poll; /* parked, or NULL */
	struct loop_timer timeout; /* of the long poll */
	struct {
		char *body;
		int deliveries;
		bool waiting, deleted;
	} messages[QUEUE_MESSAGES];
	size_t count;
};

void queue_init(struct queue *queue, struct loop *loop);
void queue_done(struct queue *queue);

/* Puts a message in, or one that was delivered before again, by its number
 * (from 1). It goes out with all others that wait at the next queue_deliver. */
void queue_send(struct queue *queue, const char *body);
void queue_send_again(struct queue *queue, size_t number);

/* Answers the poll if there is something; whether it did. */
bool queue_deliver(struct queue *queue);

/* Serves a call to SQS, and forgets one that is gone. */
void queue_serve(struct queue *queue, struct http_request *request);
void queue_forget(struct queue *queue, const struct http_request *request);

#endif
