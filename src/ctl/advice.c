/* SPDX-License-Identifier: Apache-2.0 */
/* One table, read from the top: the first row that fits is it. */
#include "ctl/advice.h"

#include <stdbool.h>
#include <string.h>

#include "ctl/path.h"
#include "util/alloc.h"
#include "util/doc.h"

#define DEAD "contained"

enum when {
	ALWAYS,
	HELD,      /* its deletion is */
	HOLD,      /* it is about that */
	FORBIDDEN, /* a rule of [response] says: do not touch it */
	ELSEWHERE, /* the key was contained: by another execution */
};

/* Between the two parts of the headline stands what is known of the key; where
 * there is no second part, nothing. */
static const struct advice {
	const char *status;
	const char *outcome; /* NULL: any, or none yet */
	enum when when;
	const char *headline, *rest;
	const char *to_do; /* NULL: nothing */
} advices[] = {
	{ "SUCCEEDED", DEAD, ELSEWHERE,
	    "Nothing to do: another execution deleted the key.", NULL, NULL },
	{ "SUCCEEDED", DEAD, ALWAYS,
	    "Nothing to do: the key is dead, security was told.", NULL, NULL },
	{ "SUCCEEDED", NULL, HOLD,
	    "ACT NOW: deletions are held. Security was told.", NULL,
	    "if keyguardctl status says that they still are, see whether so "
	    "many keys should die; if so: keyguardctl resume" },
	{ "SUCCEEDED", NULL, FORBIDDEN, "ACT NOW: ", ". Security was told.",
	    "make the key inactive, or delete it, by hand: by your "
	    "configuration keyguard does not touch it" },
	{ "SUCCEEDED", NULL, ALWAYS, "ACT NOW: ", ". Security was told.",
	    "delete the key by hand; or, once the cause is mended: "
	    "keyguardctl retry NAME" },
	{ "FAILED", DEAD, ALWAYS,
	    "ACT: nobody was told of it. The key is dead.", NULL,
	    "tell security; or, once SNS takes messages: keyguardctl redrive "
	    "NAME" },
	{ "FAILED", NULL, ALWAYS, "ACT NOW: ", ", nobody was told.",
	    "delete the key by hand, tell security; or, once the cause is "
	    "mended: keyguardctl retry NAME" },
	{ "ABORTED", DEAD, ALWAYS,
	    "ACT: stopped, nobody was told. The key is dead.", NULL,
	    "tell security" },
	{ "ABORTED", NULL, ALWAYS, "ACT NOW: it was stopped, ", ".",
	    "delete the key by hand, or: keyguardctl retry NAME" },
	{ "RUNNING", DEAD, ALWAYS,
	    "Wait: the key is dead, nobody was told of it yet.", NULL, NULL },
	{ "RUNNING", "uncontained", ALWAYS, "ACT NOW: ", ", nobody told yet.",
	    "delete the key by hand" },
	{ "RUNNING", NULL, HELD, "ACT NOW: ", ", deletions are held.",
	    "see whether so many keys should die; if so: keyguardctl resume" },
	{ "RUNNING", NULL, ALWAYS,
	    "Wait: it is under way, no key is deleted yet.", NULL, NULL },
	{ NULL, NULL, ALWAYS, "Look at it: its status is not known here.", NULL,
	    NULL },
};

static bool
fits(const char *value, const char *given)
{
	return value == NULL || (given != NULL && strcmp(value, given) == 0);
}

static const struct advice *
advice_for(struct json_object *execution, const struct path *path)
{
	const char *status = doc_string(execution, "status");
	const char *outcome = doc_string(execution, "outcome");
	const bool is[] = {
		[ALWAYS] = true,
		[HELD] = path_held(path),
		[HOLD] = path_tells_of_hold(path),
		[FORBIDDEN] = path_forbidden(path),
		[ELSEWHERE] = doc_string(execution, "containedBy") != NULL,
	};
	const struct advice *row = advices;

	if (is[ELSEWHERE])
		outcome = DEAD;
	while (!fits(row->status, status) || !fits(row->outcome, outcome) ||
	    !is[row->when])
		row++;
	return row;
}

/* An event that names no key, or too many, is of some all the same. */
static bool
keyless(struct json_object *execution)
{
	return doc_string(execution, "accessKeyId") == NULL;
}

char *
advice_headline(struct json_object *execution, const struct path *path)
{
	const struct advice *row = advice_for(execution, path);

	if (row->rest == NULL)
		return xstrdup(row->headline);
	return xasprintf("%s%s%s", row->headline,
	    keyless(execution) ? "a key may be alive" : "the key may be alive",
	    row->rest);
}

const char *
advice_to_do(struct json_object *execution, const struct path *path)
{
	const struct advice *row = advice_for(execution, path);

	if (row->rest != NULL && keyless(execution))
		return "see to the cause by hand; the AWS Health Dashboard "
		       "lists the keys";
	return row->to_do;
}
