/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A life knows some of the faults only, so that some are the whole weather of
 * some lives.
 */
#include "simulation/weather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "simulation/disk.h"
#include "simulation/fate.h"
#include "simulation/life.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

/* ---- AWS ---- */

#define RECEIVE     "\"operation\":\"ReceiveMessage\""
#define ACKNOWLEDGE "\"operation\":\"DeleteMessageBatch\""

/* What is done, and of whose calls ("": of any); more of what is usual. */
static const struct kind {
	const char *of, *deed;
} kinds[] = {
	{ "", "\"do\":\"throttle\"" },
	{ "", "\"do\":\"throttle\",\"perSecond\":1,\"burst\":2" },
	{ "", "\"do\":\"error\",\"status\":500,\"code\":\"InternalFailure\"" },
	{ "", "\"do\":\"error\",\"code\":\"ServiceUnavailable\"" },
	{ "", "\"do\":\"error\",\"code\":\"ExpiredToken\"" },
	{ "", "\"do\":\"html\"" },
	{ "", "\"do\":\"html\",\"status\":200" },
	{ "", "\"do\":\"html\",\"status\":403" },
	{ "", "\"do\":\"malformed\"" },
	{ "", "\"do\":\"malformed\",\"act\":true" },
	{ "", "\"do\":\"reset\"" },
	{ "", "\"do\":\"close\",\"act\":true" },
	{ "", "\"do\":\"close\",\"bodyBytes\":20" },
	{ "", "\"do\":\"hang\"" },
	{ "", "\"do\":\"hang\",\"act\":true" },
	{ "", "\"do\":\"answer\",\"act\":true,\"delayMs\":3000" },
	{ "", "\"do\":\"answer\",\"act\":true,\"delayMs\":14000" },
	{ "", "\"do\":\"answer\",\"act\":true,\"byteMs\":20" },
	{ "", "\"do\":\"twice\"" },
	{ "IAM", "\"do\":\"behind\"" },
	{ "IAM", "\"do\":\"throttle\"" },
	{ "IAM", "\"do\":\"close\",\"act\":true" },
	{ "IAM",
	    "\"do\":\"error\",\"code\":\"AccessDenied\",\"operation\":"
	    "\"DeleteAccessKey\"" },
	{ "IAM", "\"do\":\"error\",\"code\":\"AccessDenied\"" },
	{ "IAM", "\"do\":\"error\",\"code\":\"LimitExceeded\"" },
	{ "SNS", "\"do\":\"error\",\"code\":\"NotFound\"" },
	{ "SNS", "\"do\":\"error\",\"code\":\"AuthorizationError\"" },
	{ "SNS", "\"do\":\"close\",\"act\":true" },
	{ "CloudTrail", "\"do\":\"error\",\"code\":\"AccessDenied\"" },
	{ "CloudTrail", "\"do\":\"throttle\"" },
	{ "SQS", "\"do\":\"error\",\"code\":\"AccessDenied\"" },
	{ "SQS", "\"do\":\"duplicate\",\"act\":true," RECEIVE },
	{ "SQS", "\"do\":\"redeliver\",\"act\":true," RECEIVE },
	{ "SQS", "\"do\":\"wrong-md5\",\"act\":true," RECEIVE },
	{ "SQS", "\"do\":\"fail-entry\",\"act\":true," ACKNOWLEDGE },
	{ "SQS",
	    "\"do\":\"fail-entry\",\"act\":true,\"entry\":0,"
	    "\"senderFault\":true" },
	{ "SQS", "\"do\":\"revive\",\"act\":true," ACKNOWLEDGE },
	{ "SQS", "\"do\":\"stale-receipt\",\"act\":true," RECEIVE },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static const char *const operations[][2] = {
	{ "IAM", "DeleteAccessKey" },
	{ "IAM", "DeleteAccessKey" },
	{ "IAM", "DeleteAccessKey" },
	{ "IAM", "DeleteAccessKey" },
	{ "IAM", "GetAccessKeyLastUsed" },
	{ "CloudTrail", "LookupEvents" },
	{ "SNS", "Publish" },
	{ "SQS", "ReceiveMessage" },
	{ "SQS", "DeleteMessageBatch" },
	{ "SQS", "ChangeMessageVisibilityBatch" },
};

/* At which calls of those it is about. */
static void
add_strike(struct life *life, struct buf *rule)
{
	switch (life_any(life, 4)) {
	case 0:
		buf_puts(rule, ",\"chance\":1");
		break;
	case 1:
		buf_printf(rule, ",\"nth\":%u", 1 + life_any(life, 3));
		break;
	default:
		buf_printf(rule, ",\"chance\":0.%u", 1 + life_any(life, 9));
	}
}

static const struct kind *
known_kind(struct life *life)
{
	unsigned which;

	do
		which = life_any(life, KINDS);
	while ((life->kinds >> which & 1) == 0);
	return &kinds[which];
}

static void
add_rule(struct life *life, struct buf *rules)
{
	const struct kind *kind = known_kind(life);
	unsigned which =
	    life_any(life, sizeof operations / sizeof operations[0]);

	buf_printf(rules, "%s{%s", rules->len > 0 ? "," : "", kind->deed);
	if (*kind->of != '\0')
		buf_printf(rules, ",\"service\":\"%s\"", kind->of);
	else if (life_chance(life, 60))
		buf_printf(
		    rules, ",\"operation\":\"%s\"", operations[which][1]);
	else if (life_chance(life, 60))
		buf_printf(rules, ",\"service\":\"%s\"", operations[which][0]);
	add_strike(life, rules);
	buf_puts(rules, "}");
}

static void
load(struct life *life, const char *rules)
{
	FREE_LATER char *state = xasprintf("{\"faults\":[%s]}", rules);
	FREE_LATER char *list = xasprintf("[%s]", rules);

	cloud_load(&life->world, state);
	life_record(life, "faults", doc_parse(list, strlen(list), NULL));
}

void
weather_faults(struct life *life)
{
	CLEANUP(buf_done) struct buf rules = BUF_INIT(1 << 16);
	unsigned count = life_any(life, 5);

	while (count-- > 0)
		add_rule(life, &rules);
	load(life, buf_text(&rules));
}

void
weather_begin(struct life *life)
{
	life->kinds = (uint64_t)1 << life_any(life, KINDS);
	for (unsigned i = 0; i < KINDS; i++)
		if (life_chance(life, 40))
			life->kinds |= (uint64_t)1 << i;
	life->calls.slow_ms = LIFE_ONE_OF(life, 10, 500, 4000, 20000);
}

/* ---- the rest ---- */

static void
set_network(struct life *life, enum network network)
{
	static const char *const names[] = { [NETWORK_UP] = "up",
		[NETWORK_AWAY] = "away",
		[NETWORK_RESETS] = "resets" };

	if (life->world.network == network)
		return;
	life_note(life, "network", names[network]);
	world_set_network(&life->world, network);
}

void
weather_network(struct life *life)
{
	set_network(life,
	    (enum network)LIFE_ONE_OF(
		life, NETWORK_UP, NETWORK_UP, NETWORK_AWAY, NETWORK_RESETS));
}

void
weather_disk(struct life *life)
{
	disk_trouble(life);
}

/* What AWS thinks of the daemon's key from now on. */
static void
load_key(struct life *life, const char *what, const char *value)
{
	FREE_LATER char *state =
	    xasprintf("{\"users\":[{\"name\":\"keyguard\",\"keys\":[{\"id\":"
		      "\"" WORLD_OWN_KEY "\",\"%s\":\"%s\"}]}]}",
		what, value);

	cloud_load(&life->world, state);
}

/* AWS knows the key by another session's token, and so may the daemon. */
static void
begin_session(struct life *life, bool told)
{
	FREE_LATER char *token = xasprintf("session-%u", life->sessions++);

	load_key(life, "token", token);
	load_key(life, "expires", "2099-01-01T00:00:00Z");
	if (!told)
		return;
	setenv("AWS_ACCESS_KEY_ID", WORLD_OWN_KEY, 1);
	setenv("AWS_SESSION_TOKEN", token, 1);
}

void
weather_credentials(struct life *life)
{
	life->odd_credentials = true;
	switch (life_any(life, 4)) {
	case 0:
		unsetenv("AWS_ACCESS_KEY_ID");
		life_note(life, "credentials", "none");
		break;
	case 1:
		load_key(life, "expires", "2020-01-01T00:00:00Z");
		life_note(life, "credentials", "expired");
		break;
	case 2:
		begin_session(life, false);
		life_note(life, "credentials", "replaced");
		break;
	default:
		begin_session(life, true);
		life_note(life, "credentials", "good");
	}
}

/* AWS's stays as it was. */
void
weather_clock(struct life *life)
{
	int64_t jump = LIFE_ONE_OF(
	    life, -SECONDS(2), -MINUTES(4), SECONDS(3), MINUTES(7), HOURS(1));
	FREE_LATER char *state = NULL;

	life->clock_ms += jump;
	fake_loop_shift_wall(life->world.loop, jump);
	state = xasprintf(
	    "{\"clockSkewSeconds\":%lld}", (long long)(-life->clock_ms / 1000));
	cloud_load(&life->world, state);
	life_record(life, "clock", json_object_new_int64(life->clock_ms));
}

void
weather_theft(struct life *life)
{
	const char *key = fate_key(life);
	struct json_object *doc = doc_object();
	FREE_LATER char *state = xasprintf(
	    "{\"users\":[{\"name\":\"nobody\",\"keys\":[{\"id\":\"%s\","
	    "\"status\":\"Deleted\"}]}]}",
	    key);

	cloud_load(&life->world, state);
	doc_put_string(doc, "deleted", key);
	life_record(life, "outside", doc);
}

void
weather_calm(struct life *life)
{
	load(life, "");
	set_network(life, NETWORK_UP);
	disk_mend(life);
	if (life->odd_credentials)
		begin_session(life, true);
	life->calls.slow_ms = 10;
}
