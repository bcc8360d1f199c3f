/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most messages are well-formed findings; what makes them odd is added to one
 * of those.
 */
#include "simulation/mail.h"

#include <string.h>

#include <json-c/json.h>

#include "scenarios/cloud.h"
#include "simulation/fate.h"
#include "simulation/life.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const char *const codes[] = {
	"AWS_RISK_CREDENTIALS_EXPOSED",
	"AWS_RISK_CREDENTIALS_COMPROMISED",
	"AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
	"AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
	"AWS_RISK_IAM_QUARANTINE",
};

/* ---- a finding ---- */

static void
add_entity(struct json_object *event, const char *value)
{
	struct json_object *entity = doc_object();

	doc_put_string(entity, "entityValue", value);
	doc_push(doc_at(event, "detail.affectedEntities"), entity);
}

/* One of few, so that many are about the same. */
static struct json_object *
finding(struct life *life)
{
	struct json_object *event = doc_object(), *detail = doc_object();
	unsigned number = life_chance(life, 60)
	    ? life->findings++
	    : life_any(life, life->findings + 1);
	FREE_LATER char *arn = xasprintf("arn:aws:health:::event/%u", number);
	unsigned entities = life_chance(life, 70) ? 1 : 1 + life_any(life, 4);

	doc_put_string(event, "source", "aws.health");
	doc_put_string(event, "detail-type", "AWS Health Event");
	doc_put_string(event, "account", WORLD_ACCOUNT);
	doc_put_string(event, "region", "us-east-1");
	doc_put(event, "detail", detail);
	doc_put_string(detail, "eventArn", arn);
	doc_put_string(detail, "eventTypeCode", codes[life_any(life, 5)]);
	if (life_chance(life, 50))
		doc_put_string(detail, "affectedAccount", WORLD_ACCOUNT);
	doc_put(detail, "affectedEntities", doc_array());
	while (entities-- > 0)
		add_entity(event, fate_key(life));
	return event;
}

/* ---- what may be odd about it ---- */

static void
page(struct life *life, struct json_object *event)
{
	struct json_object *detail = doc_at(event, "detail");
	unsigned number = 1 + life_any(life, 3);
	FREE_LATER char *text = xasprintf("%u", number);
	FREE_LATER char *id = xasprintf("c0ffee-%u", number);

	doc_put_string(detail, "communicationId", id);
	doc_put_string(detail, "page", text);
	doc_put_string(detail, "totalPages", "3");
}

static void
backup(struct life *life, struct json_object *event)
{
	(void)life;
	doc_put_string(event, "region", "us-west-2");
	doc_put_string(doc_at(event, "detail"), "backupEvent", "true");
}

/* An account that is not ours, or not said. */
static void
foreign(struct life *life, struct json_object *event)
{
	struct json_object *detail = doc_at(event, "detail");

	if (life_chance(life, 30))
		json_object_object_del(event, "account");
	else if (life_chance(life, 50))
		doc_put_string(event, "account", "999999999999");
	else
		doc_put_string(detail, "affectedAccount", "999999999999");
}

static void
strange_key(struct life *life, struct json_object *event)
{
	static const char *const keys[] = { WORLD_OWN_KEY,
		"AKIAROOTROOTROOTROOT", "AKIANOBODYKNOWSITYET",
		"AKIANOBODYKNOWSITYET" };

	if (life_chance(life, 60))
		doc_put(
		    doc_at(event, "detail"), "affectedEntities", doc_array());
	add_entity(event, keys[life_any(life, 4)]);
}

static void
bad_entities(struct life *life, struct json_object *event)
{
	if (life_chance(life, 40))
		doc_put(
		    doc_at(event, "detail"), "affectedEntities", doc_array());
	if (life_chance(life, 70))
		add_entity(event, "i-0123456789abcdef0!");
}

static void
other_code(struct life *life, struct json_object *event)
{
	if (life_chance(life, 50))
		doc_put_string(event, "source", "aws.ec2");
	else
		doc_put_string(doc_at(event, "detail"), "eventTypeCode",
		    "AWS_EC2_OPERATIONAL_ISSUE");
}

static void
wrong_type(struct life *life, struct json_object *event)
{
	struct json_object *detail = doc_at(event, "detail");

	if (life_chance(life, 50))
		doc_put_int(detail, "eventArn", 5);
	else
		doc_put_string(detail, "affectedEntities", "none");
}

static const struct oddity {
	unsigned percent;
	void (*add)(struct life *life, struct json_object *event);
} oddities[] = {
	{ 15, page },
	{ 10, backup },
	{ 8, foreign },
	{ 8, strange_key },
	{ 6, bad_entities },
	{ 4, other_code },
	{ 3, wrong_type },
};

/* ---- its text ---- */

/* As a subscription of SNS would wrap it. */
static char *
wrap(const char *text)
{
	DOC_LATER struct json_object *envelope = doc_object();

	doc_put_string(envelope, "Type", "Notification");
	doc_put_string(envelope, "Message", text);
	return doc_text(envelope);
}

/* Broken off, or no JSON at all. */
static char *
spoil(struct life *life, const char *text)
{
	if (life_chance(life, 20))
		return xstrdup("hello");
	return xmemdup0(text, life_any(life, (unsigned)strlen(text)));
}

char *
mail_write(struct life *life)
{
	DOC_LATER struct json_object *event = finding(life);
	FREE_LATER char *text = NULL;

	for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++)
		if (life_chance(life, oddities[i].percent))
			oddities[i].add(life, event);
	text = doc_text(event);
	if (life_chance(life, 8))
		return wrap(text);
	if (life_chance(life, 5))
		return spoil(life, text);
	return STEAL(text);
}

/* ---- its way ---- */

static void
send(struct life *life, const char *text)
{
	struct json_object *sent = doc_object();
	struct json_object *doc = doc_parse(text, strlen(text), NULL);

	doc_put_string(
	    sent, "message", cloud_send(&life->world, text, strlen(text)));
	if (doc != NULL)
		doc_put(sent, "body", doc);
	else
		doc_put_string(sent, "text", text);
	life_record(life, "sent", sent);
}

void
mail_send(struct life *life)
{
	FREE_LATER char *text = mail_write(life);

	send(life, text);
	doc_push(life->bodies, doc_new_string(text));
}

void
mail_again(struct life *life)
{
	unsigned count = (unsigned)doc_count(life->bodies, "");

	if (count == 0)
		mail_send(life);
	else
		send(life,
		    doc_string(
			doc_element(life->bodies, life_any(life, count)), ""));
}
