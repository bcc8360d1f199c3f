/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names make deliveries of the same finding meet in the same execution: they
 * hold a digest of what tells findings apart, each part ended by a NUL so that
 * no two lists of parts look alike. An injected event gets random digits there
 * and so is always new.
 */
#include "workflow/admission.h"

#include <stdlib.h>
#include <string.h>

#include "machine/engine.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"
#include "workflow/finding.h"
#include "workflow/name.h"

#define SHOWN 10 /* bad entities that are named */

struct admitting {
	struct engine *engine;
	struct random *random;
	const struct admission_message *message;
	struct admission *result;
	struct finding finding;
	const char *account;
};

/* ---- names ---- */

static void
add_part(struct buf *buf, const char *part)
{
	buf_add(buf, part, strlen(part) + 1);
}

/* What tells findings of this event and of others apart. */
static void
add_parts(
    const struct admitting *admitting, const char *key_id, struct buf *parts)
{
	const struct finding *finding = &admitting->finding;

	add_part(parts, admitting->account);
	add_part(parts, key_id);
	add_part(parts, finding->event_arn);
	add_part(parts, finding->communication_id);
}

/* Ends with the parts; the caller frees the name. */
static char *
compose_name(
    const struct admitting *admitting, const char *subject, struct buf *parts)
{
	const char *account = admitting->account;
	char *name = admitting->message->injected
	    ? name_new(account, subject, admitting->random)
	    : name_of(account, subject, buf_text(parts), parts->len);

	buf_done(parts);
	return name;
}

/* ---- executions ---- */

/* Starts or joins; takes name and input. */
static void
start(struct admitting *admitting, char *name, struct json_object *input,
    const char *key_id)
{
	struct admission *result = admitting->result;
	FREE_LATER char *text = doc_text(input);
	FREE_LATER char *lane = key_id == NULL
	    ? NULL
	    : xasprintf("%s/%s", admitting->account, key_id);
	const struct engine_order order = {
		.name = name,
		.input = text,
		.origin = admitting->message->origin,
		.tags = { [TAG_ACCOUNT] = admitting->account,
		    [TAG_KEY] = key_id,
		    [TAG_LANE] = lane },
	};

	engine_start(admitting->engine, &order);
	doc_free(input);
	result->names = xreallocarray(
	    result->names, result->count + 1, sizeof *result->names);
	result->names[result->count++] = name;
}

static void
start_key(struct admitting *admitting, const char *key_id)
{
	struct buf parts = BUF_INIT(FINDING_BODY);

	add_parts(admitting, key_id, &parts);
	start(admitting, compose_name(admitting, key_id, &parts),
	    finding_reduce(&admitting->finding, key_id), key_id);
}

/* An execution that cannot act: its first state fails with this error, so that
 * a human is told. `parts` tells it apart. */
static void
start_failure(struct admitting *admitting, const struct error *error,
    struct json_object *input, struct buf *parts)
{
	const char *code = error->name + strlen("Finding.");
	struct json_object *failure = doc_object();

	doc_put_string(failure, "Error", error->name);
	doc_put_string(failure, "Cause", error->cause);
	doc_put(input, "keyguard", failure);
	start(admitting, compose_name(admitting, code, parts), input, NULL);
}

/* What is wrong with this event's entities, in one execution. */
static void
start_bad(struct admitting *admitting, const struct error *error)
{
	const struct finding *finding = &admitting->finding;
	struct buf parts = BUF_INIT(FINDING_BODY);

	add_parts(admitting, "", &parts);
	for (size_t i = 0; i < finding->bad_count; i++)
		add_part(&parts, finding->bad[i]);
	start_failure(admitting, error, finding_reduce(finding, NULL), &parts);
}

static void
refuse(struct admission *result, const struct error *error)
{
	result->refused = true;
	result->refusal = *error;
}

/* ---- what the entities are ---- */

static void
describe_bad(const struct finding *finding, struct error *error)
{
	struct buf list = BUF_INIT(FINDING_BODY);

	for (size_t i = 0; i < finding->bad_count && i < SHOWN; i++)
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ", finding->bad[i]);
	error_set(error, "Finding.BadKeyId",
	    "%zu affected entities are no access key ids: %s%s",
	    finding->bad_count, buf_text(&list),
	    finding->bad_count > SHOWN ? ", ..." : "");
	buf_done(&list);
}

/* Whoever injects an event that names no key hears it at once. */
static void
tell(struct admitting *admitting, const struct error *error)
{
	if (admitting->message->injected && admitting->finding.key_count == 0)
		refuse(admitting->result, error);
	else
		start_bad(admitting, error);
}

static void
admit_finding(struct admitting *admitting)
{
	const struct finding *finding = &admitting->finding;
	struct error error;

	if (finding->account != NULL)
		admitting->account = finding->account;
	for (size_t i = 0; i < finding->key_count; i++)
		start_key(admitting, finding->keys[i]);
	if (finding->bad_count > 0) {
		describe_bad(finding, &error);
		tell(admitting, &error);
	} else if (finding->key_count == 0) {
		error_set(&error, "Finding.NoEntity",
		    "the event names no affected entity");
		tell(admitting, &error);
	}
	if (finding->left_out > 0) {
		error_set(&error, "Finding.TooManyEntities",
		    "%zu affected entities beyond the first %d are not "
		    "handled",
		    finding->left_out, FINDING_ENTITIES);
		tell(admitting, &error);
		refuse(admitting->result, &error);
	}
}

/* ---- messages ---- */

/* Not to be read, yet about an exposed key: a human has to read it. */
static void
admit_unreadable(struct admitting *admitting, const struct error *why)
{
	const struct admission_message *message = admitting->message;
	struct buf parts = BUF_INIT(message->body_len);
	struct error error;

	refuse(admitting->result, why);
	if (message->injected ||
	    !finding_suspected(message->body, message->body_len))
		return;
	error_set(
	    &error, "Finding.Unreadable", "%s: %s", why->name, why->cause);
	buf_add(&parts, message->body, message->body_len);
	start_failure(admitting, &error, doc_object(), &parts);
}

void
admission_admit(struct engine *engine, struct random *random,
    const struct admission_message *message, struct admission *ret_admission)
{
	struct admitting admitting = {
		.engine = engine,
		.random = random,
		.message = message,
		.result = ret_admission,
		.account = "unknown",
	};
	struct finding *finding = &admitting.finding;
	struct error error;

	*ret_admission = (struct admission){ 0 };
	switch (
	    finding_parse(message->body, message->body_len, finding, &error)) {
	case FINDING_OTHER_EVENT:
		refuse(ret_admission, &error);
		break;
	case FINDING_UNREADABLE:
		admit_unreadable(&admitting, &error);
		break;
	case FINDING_EXPOSED_KEY:
		admit_finding(&admitting);
		break;
	}
	finding_done(finding);
}

void
admission_done(struct admission *admission)
{
	for (size_t i = 0; i < admission->count; i++)
		free(admission->names[i]);
	free(admission->names);
	*admission = (struct admission){ 0 };
}
