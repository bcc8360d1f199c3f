/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP client's twin, in place of src/loop/http.c at link time: requests
 * stay where a test can look at them until it answers them. What is not
 * answered in its time fails as it would on the wire. URLs and dates are
 * parsed by the real code.
 */
#ifndef KG_TESTS_FAKE_FAKE_HTTP_H
#define KG_TESTS_FAKE_FAKE_HTTP_H

#include <stdbool.h>
#include <sys/queue.h>

#include "loop/http.h"
#include "loop/loop.h"

TAILQ_HEAD(http_requests, http_request);

/* What the clients of a loop have sent, oldest first. */
struct fake_wire {
	/* A request was just sent. May answer it. */
	void (*on_sent)(void *arg, struct http_request *request);
	/* It is gone: answered, cancelled, or its time is over. */
	void (*on_gone)(void *arg, const struct http_request *request);
	void *arg;
	struct http_requests requests;
};

struct http_request {
	TAILQ_ENTRY(http_request) next; /* on the wire */
	struct fake_wire *wire;
	struct http_message message; /* its strings are our own */
	bool seen;                   /* for the test to set */
	bool told;                   /* its callback has been called */
	/* The twin's own. */
	http_done *done;
	void *arg;
	int64_t sent_wall_ms, sent_mono_ms;
	struct loop_timer timeout;
	struct loop_defer end;
	struct http_answer answer;
	char *strings[5];   /* of the answer */
	struct error error; /* in place of an answer, when it has a name */
};

/* The wire of all clients that are made from now on. */
void fake_wire_bind(struct fake_wire *wire);

/* A copy of what is sent, and what frees it. */
struct http_message fake_http_copy(const struct http_message *message);
void fake_http_forget(const struct http_message *message);

/* Answer a request, or make it fail; its callback comes later. All is copied;
 * the times of the answer are filled in, and `date_ms` where it is 0. */
void fake_http_answer(
    struct http_request *request, const struct http_answer *answer);
void fake_http_fail(struct http_request *request, const struct error *error);

#endif
