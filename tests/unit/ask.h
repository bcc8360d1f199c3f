/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller of the sandbox's model: signs requests and keeps the last answer.
 */
#ifndef KG_TESTS_UNIT_ASK_H
#define KG_TESTS_UNIT_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "sandbox/model.h"

struct json_object;

#define ASK_NOW INT64_C(1785000000000) /* 2026-07-25T17:20:00Z */

struct ask {
	struct model *model;
	int64_t now_ms;
	int64_t clock_ms;   /* how far the caller's own clock is ahead */
	const char *key_id; /* whose key signs */
	const char *secret;
	const char *token; /* NULL: none is sent */
	const char *region;
	struct model_answer answer;
	struct json_object *doc; /* its body, where that is JSON */
};

/* A caller, with a model of one seed that holds the JSON document (its quotes
 * written as '), and the key that signs for the user "daemon" at first. */
void ask_init(struct ask *ask, const char *document);

/* Frees both. */
void ask_done(struct ask *ask);

/* Loads more state. */
void ask_load(struct ask *ask, const char *document);

/* Calls an operation with a form ("&UserName=alice", "" for none). */
void ask_query(struct ask *ask, const char *service, const char *version,
    const char *action, const char *form);

/* Calls an operation with a JSON document, its quotes written as '. */
void ask_json(
    struct ask *ask, const char *service, const char *target, const char *json);

/* Sends what is signed already. */
void ask_raw(struct ask *ask, const struct model_request *request);

/* Looks again at the call that the last answer parked. */
void ask_resume(struct ask *ask, uint64_t ticket);

/* The header of the last answer; NULL when it has none of that name. */
const char *ask_header(const struct ask *ask, const char *name);

/* Asserts that the last answer is an error of the Query protocol; NULL for
 * `message` takes any. */
void ask_refused(
    const struct ask *ask, int status, const char *code, const char *message);

/* A copy of the text at a path of the last answer's XML. */
char *ask_text(const struct ask *ask, const char *path);

/* The string in the last answer's JSON; a counter of the model. */
const char *ask_string(const struct ask *ask, const char *path);
int64_t ask_counter(const struct ask *ask, const char *name);

#endif
