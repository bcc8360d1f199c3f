/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only what decides something has to be of the right type: the codes, the
 * identifiers, the list of entities. The rest is for people; where it is
 * missing or strange it is left out.
 */
#include "workflow/finding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/doc.h"
#include "workflow/tally.h"
#include "workflow/text.h"

#define LINE   1024 /* characters of a string that are kept */
#define ENTITY 64   /* of one that is no key id */

static const char *const codes[] = {
	"AWS_RISK_CREDENTIALS_COMPROMISED",
	"AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
	"AWS_RISK_CREDENTIALS_EXPOSED",
	"AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
	"AWS_RISK_IAM_QUARANTINE",
};
#define CODES (sizeof codes / sizeof codes[0])

/* What must be a string where it is there. */
static const char *const strings[] = { "account", "detail.affectedAccount",
	"detail.communicationId", "detail.eventArn", "detail.eventTypeCode" };

/* What an execution's input keeps of the event and of its detail. */
static const char *const kept[] = { "version", "id", "detail-type", "source",
	"account", "time", "region" };
static const char *const kept_detail[] = { "eventArn", "service",
	"eventTypeCode", "eventTypeCategory", "eventScopeCode",
	"communicationId", "startTime", "endTime", "lastUpdatedTime",
	"statusCode", "eventRegion", "affectedAccount", "page", "totalPages",
	"backupEvent" };
static const char *const kept_metadata[] = { "exposedUrl", "userName" };
#define KEPT(names) (names), sizeof(names) / sizeof(names)[0]

bool
finding_suspected(const char *body, size_t len)
{
	for (size_t i = 0; i < CODES; i++)
		if (memmem(body, len, codes[i], strlen(codes[i])) != NULL)
			return true;
	return false;
}

static bool
exposed_key_code(const char *code)
{
	for (size_t i = 0; code != NULL && i < CODES; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

/* Parses a body, speaking of its errors as of a finding's. */
static struct json_object *
parse(const char *body, size_t len, struct error *error)
{
	DOC_LATER struct json_object *doc = NULL;
	struct error why;

	if (len > FINDING_BODY) {
		error_set(error, "Finding.TooLarge",
		    "%zu bytes; at most %zu are read", len, FINDING_BODY);
		return NULL;
	}
	doc = doc_parse(body, len, &why);
	if (doc == NULL) {
		bool deep = strcmp(why.name, "Doc.TooDeep") == 0;

		error_set(error, deep ? "Finding.TooDeep" : "Finding.Malformed",
		    "%s", why.cause);
		return NULL;
	}
	if (doc_is_object(doc))
		return STEAL(doc);
	error_set(error, "Finding.Malformed", "not a JSON object");
	return NULL;
}

/* Parses a body and, where it is an SNS envelope, the message within. */
static struct json_object *
unwrap(const char *body, size_t len, struct error *error)
{
	DOC_LATER struct json_object *outer = parse(body, len, error);
	const char *type = doc_string(outer, "Type");
	const char *message = doc_string(outer, "Message");

	if (outer == NULL || type == NULL || message == NULL ||
	    strcmp(type, "Notification") != 0)
		return STEAL(outer);
	return parse(message, strlen(message), error);
}

static bool
check_types(struct json_object *event, struct error *error)
{
	struct json_object *detail = doc_at(event, "detail");
	struct json_object *entities = doc_at(detail, "affectedEntities");

	if (!doc_is_object(detail))
		return error_set(
		    error, "Finding.Malformed", "detail is no object");
	if (entities != NULL && !doc_is_array(entities))
		return error_set(error, "Finding.Malformed",
		    "detail.affectedEntities is no array");
	for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
		if (doc_at(event, strings[i]) != NULL &&
		    doc_string(event, strings[i]) == NULL)
			return error_set(error, "Finding.Malformed",
			    "%s is no string", strings[i]);
	return true;
}

static bool
account_id(const char *text)
{
	return text != NULL && strlen(text) == 12 &&
	    strspn(text, "0123456789") == 12;
}

/* A victim that cannot be made out must not be taken for ourselves; a receiver
 * that cannot is only left out. */
static bool
read_account(struct finding *finding, struct error *error)
{
	const char *affected =
	    doc_string(finding->event, "detail.affectedAccount");
	const char *receiver = doc_string(finding->event, "account");

	if (affected != NULL && *affected != '\0' && !account_id(affected))
		return error_set(error, "Finding.Malformed",
		    "detail.affectedAccount is no account");
	if (account_id(affected))
		finding->account = affected;
	else if (account_id(receiver))
		finding->account = receiver;
	return true;
}

/* AWS says that `page` is a string; a number does as well. */
static char *
page_suffix(struct json_object *event)
{
	const char *page = doc_string(event, "detail.page");

	if (page != NULL)
		return xasprintf("-%s", page);
	return xasprintf("-%" PRId64, doc_int(event, "detail.page", 0));
}

static void
read_communication(struct finding *finding)
{
	const char *id = doc_string(finding->event, "detail.communicationId");
	FREE_LATER char *suffix = page_suffix(finding->event);
	size_t len = id == NULL ? 0 : strlen(id), tail = strlen(suffix);

	if (len > tail && doc_at(finding->event, "detail.page") != NULL &&
	    strcmp(id + len - tail, suffix) == 0)
		len -= tail;
	finding->communication_id = xmemdup0(id == NULL ? "" : id, len);
}

bool
finding_key_id(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	return len >= 16 && len <= 128 &&
	    strspn(text,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_") == len;
}

/* An entity that is no key id, as a human is to see it. */
static char *
strange(struct json_object *entity)
{
	struct json_object *value = doc_at(entity, "entityValue");
	const char *text = doc_string(value, "");
	FREE_LATER char *json = doc_text(value == NULL ? entity : value);
	char *clean = text_clean(text == NULL ? json : text, ENTITY);

	return clean == NULL ? xstrdup("(empty)") : clean;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
read_entity(
    struct finding *finding, struct json_object *entity, struct tally seen[2])
{
	const char *value = doc_string(entity, "entityValue");
	bool good = finding_key_id(value);
	FREE_LATER char *shown = good ? xstrdup(value) : strange(entity);

	if (tally_add(&seen[good], shown) > 1)
		return;
	if (good)
		finding->keys[finding->key_count++] = value;
	else
		finding->bad[finding->bad_count++] = STEAL(shown);
}

static void
read_entities(struct finding *finding)
{
	struct json_object *entities =
	    doc_at(finding->event, "detail.affectedEntities");
	size_t count = doc_count(entities, "");
	struct tally seen[2] = { { 0 }, { 0 } };

	if (count > FINDING_ENTITIES) {
		finding->left_out = count - FINDING_ENTITIES;
		count = FINDING_ENTITIES;
	}
	finding->keys = xcalloc(count, sizeof *finding->keys);
	finding->bad = xcalloc(count, sizeof *finding->bad);
	for (size_t i = 0; i < count; i++)
		read_entity(finding, doc_element(entities, i), seen);
	qsort(finding->bad, finding->bad_count, sizeof *finding->bad, by_text);
	tally_done(&seen[false]);
	tally_done(&seen[true]);
}

static enum finding_kind
other_event(struct error *error, const char *what, const char *value)
{
	error_set(error, "Finding.OtherEvent", "%s %.200s", what,
	    value == NULL ? "not given" : value);
	return FINDING_OTHER_EVENT;
}

/* An event that does not say whose or what it is, but has one of the codes in
 * it, is one that somebody has to look at. */
static bool
check_said(const char *value, const char *what, const char *body, size_t len,
    struct error *error)
{
	if (value == NULL && finding_suspected(body, len))
		return error_set(
		    error, "Finding.Malformed", "%s is no string", what);
	return true;
}

/* Decides; of an exposed key the finding takes the event. */
static enum finding_kind
read_event(
    struct finding *finding, const char *body, size_t len, struct error *error)
{
	const char *source = doc_string(finding->event, "source");
	const char *code;

	if (!check_said(source, "source", body, len, error))
		return FINDING_UNREADABLE;
	if (source == NULL || strcmp(source, "aws.health") != 0)
		return other_event(error, "source", source);
	if (!check_types(finding->event, error))
		return FINDING_UNREADABLE;
	code = doc_string(finding->event, "detail.eventTypeCode");
	if (!check_said(code, "detail.eventTypeCode", body, len, error))
		return FINDING_UNREADABLE;
	if (!exposed_key_code(code))
		return other_event(error, "eventTypeCode", code);
	if (!read_account(finding, error))
		return FINDING_UNREADABLE;
	finding->event_arn = doc_string(finding->event, "detail.eventArn");
	if (finding->event_arn == NULL)
		finding->event_arn = "";
	read_communication(finding);
	read_entities(finding);
	return FINDING_EXPOSED_KEY;
}

enum finding_kind
finding_parse(const char *body, size_t len, struct finding *ret_finding,
    struct error *error)
{
	enum finding_kind kind = FINDING_UNREADABLE;

	*ret_finding = (struct finding){ .event = unwrap(body, len, error) };
	if (ret_finding->event != NULL)
		kind = read_event(ret_finding, body, len, error);
	if (kind != FINDING_EXPOSED_KEY)
		finding_done(ret_finding);
	return kind;
}

void
finding_done(struct finding *finding)
{
	for (size_t i = 0; i < finding->bad_count; i++)
		free(finding->bad[i]);
	free(finding->bad);
	free(finding->keys);
	free(finding->communication_id);
	doc_free(finding->event);
	*finding = (struct finding){ 0 };
}

/* Copies members that are strings, cleaned; returns a new object. */
static struct json_object *
keep(struct json_object *from, const char *const *names, size_t count)
{
	struct json_object *to = doc_object();

	for (size_t i = 0; i < count; i++) {
		FREE_LATER char *clean =
		    text_clean(doc_string(from, names[i]), LINE);

		doc_put_string(to, names[i], clean);
	}
	return to;
}

struct json_object *
finding_reduce(const struct finding *finding, const char *key)
{
	struct json_object *detail = doc_at(finding->event, "detail");
	struct json_object *metadata = doc_at(detail, "eventMetadata");
	struct json_object *event = keep(finding->event, KEPT(kept));
	struct json_object *entities = doc_array();

	detail = keep(detail, KEPT(kept_detail));
	if (metadata != NULL)
		doc_put(detail, "eventMetadata",
		    keep(metadata, KEPT(kept_metadata)));
	if (key != NULL) {
		struct json_object *entity = doc_object();

		doc_put_string(entity, "entityValue", key);
		doc_push(entities, entity);
	}
	doc_put(detail, "affectedEntities", entities);
	doc_put(event, "detail", detail);
	return event;
}
