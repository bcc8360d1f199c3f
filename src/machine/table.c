/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a state table says about an error, as Amazon States Language has it:
 * who retries it and when, who catches it, and where a result goes.
 */
#include "machine/table.h"

#include <string.h>

#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/random.h"

/* The longest MaxDelaySeconds that ASL allows, for retriers without one. */
#define LONGEST_SECONDS 31622400

int
table_find(const struct machine *machine, const char *name)
{
	for (int i = 0; i < machine->count; i++)
		if (strcmp(machine->states[i].name, name) == 0)
			return i;
	return -1;
}

static bool
name_matches(const char *name, const struct error *error)
{
	if (strcmp(name, "States.ALL") == 0)
		return true;
	if (strcmp(name, "States.TaskFailed") == 0)
		return strcmp(error->name, "States.Timeout") != 0;
	if (strcmp(name, error_class_name(error->class)) == 0)
		return true;
	return strcmp(name, error->name) == 0;
}

/* Whether a list of ErrorEquals has the error. What is unprocessable at run
 * time can neither be retried nor caught. */
static bool
matches(const char *const *names, const struct error *error)
{
	if (strcmp(error->name, "States.Runtime") == 0)
		return false;
	for (int i = 0; i < TABLE_NAMES && names[i] != NULL; i++)
		if (name_matches(names[i], error))
			return true;
	return false;
}

int
table_retrier(const struct state *state, const struct error *error)
{
	const struct retrier *retry = state->retry;

	for (int i = 0; retry != NULL && retry[i].error_equals[0] != NULL; i++)
		if (matches(retry[i].error_equals, error))
			return i;
	return -1;
}

int
table_catcher(const struct state *state, const struct error *error)
{
	const struct catcher *catch = state->catch;

	for (int i = 0; catch != NULL && catch[i].error_equals[0] != NULL; i++)
		if (matches(catch[i].error_equals, error))
			return i;
	return -1;
}

bool
table_holds(const struct state *state, const struct error *error)
{
	return state->held != NULL && strcmp(state->held, error->name) == 0;
}

int
table_fire(const struct state *state, const struct error *error,
    int fired[TABLE_RETRIERS])
{
	int i = table_retrier(state, error);

	if (i < 0 || fired[i] >= state->retry[i].max_attempts)
		return -1;
	fired[i]++;
	return i;
}

int64_t
table_longest_delay(const struct retrier *retrier, int n)
{
	double rate = retrier->backoff_rate > 0 ? retrier->backoff_rate : 2.0;
	double most = retrier->max_delay_seconds > 0
	    ? retrier->max_delay_seconds
	    : LONGEST_SECONDS;
	double seconds =
	    retrier->interval_seconds > 0 ? retrier->interval_seconds : 1;

	while (--n > 0 && rate > 1.0 && seconds < most)
		seconds *= rate;
	return (int64_t)((seconds < most ? seconds : most) * SECONDS(1));
}

int64_t
table_delay(const struct retrier *retrier, int n, struct random *random)
{
	int64_t delay = table_longest_delay(retrier, n);

	if (retrier->jitter == JITTER_NONE)
		return delay;
	return (int64_t)(random_unit(random) * (double)(delay + 1));
}

/* The document in a text, under the name that ASL has for the failure. */
static struct json_object *
parse(const char *text, const char *what, struct error *error)
{
	struct error why;
	struct json_object *doc = doc_parse(text, strlen(text), &why);

	if (doc == NULL)
		error_set(error, "States.ResultPathMatchFailure",
		    "the %s cannot be read: %s", what, why.cause);
	return doc;
}

char *
table_result(const char *input, const char *path, const char *result,
    struct error *error)
{
	DOC_LATER struct json_object *whole = NULL;
	struct json_object *part;

	if (strcmp(path, "$") == 0)
		return xstrdup(result);
	whole = parse(input, "input", error);
	if (whole == NULL)
		return NULL;
	if (!doc_is_object(whole)) {
		error_set(error, "States.ResultPathMatchFailure",
		    "no %s in an input that is no object", path);
		return NULL;
	}
	if (strcmp(result, "null") == 0) {
		doc_put_null(whole, path + strlen("$."));
		return doc_text(whole);
	}
	part = parse(result, "result", error);
	if (part == NULL)
		return NULL;
	doc_put(whole, path + strlen("$."), part);
	return doc_text(whole);
}
