/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small AWS without I/O: users and access keys, queues, topics, CloudTrail
 * events, and the faults it is told to commit. Bytes of a request in, bytes
 * of an answer out; the server puts it behind a socket, a simulation calls it
 * in its own process. Time is an argument, wall clock in milliseconds since
 * the epoch; randomness comes from a seed: the same calls give the same bytes.
 *
 * State goes in and out as JSON (README.md has its members), so that C tests,
 * the server's admin paths and pytest share one way.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_H
#define KG_TESTS_SANDBOX_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct json_object;
struct model;

#define MODEL_HEADERS 6

struct model_header {
	const char *name;
	const char *value;
};

/* A request as it came off the wire. All borrowed. */
struct model_request {
	const char *method;
	const char *target;                 /* path and query, "/" */
	const struct model_header *headers; /* ended by a NULL name */
	const char *body;
	size_t body_len;
};

/* What becomes of the connection. */
enum model_end {
	MODEL_ANSWER, /* the whole answer goes out, the connection stays */
	MODEL_PARK,   /* no answer yet, a long poll: model_resume */
	MODEL_CLOSE,  /* so much of the answer as `cut` says, then a FIN */
	MODEL_RESET,  /* so much of it, then a RST */
	MODEL_HANG,   /* so much of it, then silence */
};

/* What to do; the strings in it are freed by model_answer_done. */
struct model_answer {
	enum model_end end;
	int64_t delay_ms;  /* from now until the first byte goes out */
	int64_t byte_ms;   /* from each byte to the next; 0: all at once */
	bool drip_in_body; /* the head is all at once nevertheless */
	size_t cut;        /* bytes that go out when not all of them do */
	bool cut_in_body;  /* these are counted from the start of the body */
	uint64_t ticket;   /* of a parked call */
	int64_t wake_ms;   /* when to resume a parked call at the latest */
	int status;
	struct {
		const char *name; /* static */
		char *value;
	} headers[MODEL_HEADERS]; /* ended by a NULL name; no Content-Length */
	char *body;
	size_t body_len;
};

/* An AWS with nothing in it. */
struct model *model_new(uint64_t seed);

/* Frees it; NULL is fine. Returns NULL. */
struct model *model_free(struct model *model);

/* Serves one request at `now_ms` and fills `ret_answer`. */
void model_request(struct model *model, const struct model_request *request,
    int64_t now_ms, struct model_answer *ret_answer);

/*
 * Looks again whether a parked call can be answered: call it for each ticket,
 * oldest first, after whatever may have changed the state, and at wake_ms. The
 * answer may be MODEL_PARK again, under the same ticket.
 */
void model_resume(struct model *model, uint64_t ticket, int64_t now_ms,
    struct model_answer *ret_answer);

/* Drops a parked call whose caller went away. */
void model_forget(struct model *model, uint64_t ticket);

/* Frees what an answer holds. */
void model_answer_done(struct model_answer *answer);

/*
 * Adds what a JSON document lists to the state, settings and faults replacing
 * those before. False and an error `Sandbox.BadDocument` naming the member;
 * what came before the bad member stays.
 */
bool model_load(struct model *model, struct json_object *document,
    int64_t now_ms, struct error *error);

/* Puts a message into a queue, as a producer would; the name of the queue is
 * enough. Returns its MessageId (borrowed), or NULL and an error. */
const char *model_send(struct model *model, const char *queue, const char *body,
    size_t len, int64_t now_ms, struct error *error);

/* The whole state, the calls and the counters as a new document. */
struct json_object *model_dump(const struct model *model, int64_t now_ms);

/* The calls in order, from the one numbered `from` (the first is 1). New. */
struct json_object *model_calls(const struct model *model, uint64_t from);

/* The newest of them, or NULL. Borrowed; members are added until it ends. */
struct json_object *model_last_call(const struct model *model);

/* What can be waited for, by name, each a number that a run makes grow but
 * for "messages", "inFlight" and "parked". New. */
struct json_object *model_counters(const struct model *model, int64_t now_ms);

#endif
