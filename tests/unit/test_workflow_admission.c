/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a body to executions: their names, inputs and tags, and what is
 * refused. The engine is a stand-in that writes down what it is asked to
 * start.
 */
#include "workflow/admission.h"

#include <stdlib.h>
#include <string.h>

#include "machine/engine.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/digest.h"
#include "util/doc.h"
#include "util/random.h"

#define KEY_1 "AKIAIOSFODNN7EXAMPLE"
#define KEY_2 "AKIAI44QH8DHBEXAMPLE"

/* An event; `detail` continues its detail. */
#define EVENT(detail)                                                          \
	"{\"source\":\"aws.health\",\"account\":\"123456789012\","             \
	"\"id\":\"1\",\"detail\":{\"eventTypeCode\":"                          \
	"\"AWS_RISK_CREDENTIALS_EXPOSED\",\"eventArn\":\"arn\"" detail "}}"
#define ENTITY(key)   "{\"entityValue\":\"" key "\"}"
#define ENTITIES(...) ",\"affectedEntities\":[" __VA_ARGS__ "]"

struct engine {
	struct start {
		char *name, *input, *origin, *account, *key, *lane;
	} starts[4];
	size_t count;
};

enum engine_admitted
engine_start(struct engine *engine, const struct engine_order *order)
{
	const char *const *tags = order->tags;

	ck_assert_uint_lt(engine->count, 4);
	ck_assert_ptr_null(tags[TAG_USER]);
	ck_assert_int_eq(order->retries, 0);
	engine->starts[engine->count++] =
	    (struct start){ xstrdup(order->name), xstrdup(order->input),
		    xstrdup(order->origin), xstrdup(tags[TAG_ACCOUNT]),
		    xstrdup(tags[TAG_KEY]), xstrdup(tags[TAG_LANE]) };
	return ENGINE_STARTED;
}

static void
engine_done(struct engine *engine)
{
	for (size_t i = 0; i < engine->count; i++) {
		struct start *start = &engine->starts[i];

		free(start->name);
		free(start->input);
		free(start->origin);
		free(start->account);
		free(start->key);
		free(start->lane);
	}
	engine->count = 0;
}

static struct engine engine;
static struct admission admission;

static void
admit(const char *body, bool injected)
{
	struct random random = random_seeded(7);
	struct admission_message message = {
		.body = body,
		.body_len = strlen(body),
		.origin = injected ? "inject:uid=0,pid=1" : "sqs:1",
		.injected = injected,
	};

	admission_admit(&engine, &random, &message, &admission);
	ck_assert_uint_eq(admission.count, engine.count);
	for (size_t i = 0; i < engine.count; i++) {
		ck_assert_str_eq(admission.names[i], engine.starts[i].name);
		ck_assert_str_eq(engine.starts[i].origin, message.origin);
	}
}

static void
reset(void)
{
	admission_done(&admission);
	engine_done(&engine);
}

/* "<prefix><12 hex of the SHA-256 of parts>" */
static void
expect_name(const char *name, const char *prefix, const char *parts, size_t len)
{
	char digest[DIGEST_SHA256_HEX];

	digest_sha256_hex(parts, len, digest);
	FREE_LATER char *expected = xasprintf("%s%.12s", prefix, digest);
	ck_assert_str_eq(name, expected);
}
#define EXPECT_NAME(i, prefix, parts)                                          \
	expect_name(engine.starts[i].name, prefix, parts, sizeof(parts))

static void
expect_failure(size_t i, const char *name, const char *cause)
{
	const char *input = engine.starts[i].input;
	DOC_LATER struct json_object *doc =
	    doc_parse(input, strlen(input), NULL);

	ck_assert_pstr_eq(doc_string(doc, "keyguard.Error"), name);
	ck_assert_pstr_eq(doc_string(doc, "keyguard.Cause"), cause);
	ck_assert_ptr_null(engine.starts[i].key);
	ck_assert_ptr_null(engine.starts[i].lane);
}

START_TEST(a_key_is_an_execution)
{
	admit(EVENT(ENTITIES(ENTITY(KEY_1))), false);
	ck_assert_uint_eq(admission.count, 1);
	ck_assert(!admission.refused);
	EXPECT_NAME(
	    0, "123456789012-" KEY_1 "-", "123456789012\0" KEY_1 "\0arn\0");
	ck_assert_str_eq(engine.starts[0].account, "123456789012");
	ck_assert_str_eq(engine.starts[0].key, KEY_1);
	ck_assert_str_eq(engine.starts[0].lane, "123456789012/" KEY_1);
	ck_assert_ptr_null(strstr(engine.starts[0].input, "keyguard"));
}
END_TEST

START_TEST(each_key_has_its_own)
{
	admit(EVENT(ENTITIES(ENTITY(KEY_1) "," ENTITY(KEY_2))), false);
	ck_assert_uint_eq(admission.count, 2);
	ck_assert_ptr_nonnull(strstr(engine.starts[0].input, KEY_1));
	ck_assert_ptr_null(strstr(engine.starts[0].input, KEY_2));
	ck_assert_str_eq(engine.starts[1].key, KEY_2);
}
END_TEST

START_TEST(a_long_key_id_is_cut_in_the_name_alone)
{
	admit(EVENT(ENTITIES(ENTITY(KEY_1 "_and_more"))), false);
	EXPECT_NAME(0, "123456789012-" KEY_1 "-",
	    "123456789012\0" KEY_1 "_and_more\0arn\0");
	ck_assert_str_eq(engine.starts[0].key, KEY_1 "_and_more");
}
END_TEST

/* Copies: another id, the backup Region, the page's suffix. */
static const char *const copies[] = {
	"{\"source\":\"aws.health\",\"id\":\"other\",\"region\":\"us-west-2\","
	"\"account\":\"123456789012\",\"detail\":{\"eventTypeCode\":"
	"\"AWS_RISK_IAM_QUARANTINE\",\"backupEvent\":\"true\","
	"\"eventArn\":\"arn\",\"communicationId\":\"c\","
	"\"affectedEntities\":[" ENTITY(KEY_1) "]}}",
	EVENT(",\"communicationId\":\"c-1\",\"page\":\"1\"" ENTITIES(
	    ENTITY(KEY_1))),
	EVENT(",\"communicationId\":\"c-2\",\"page\":\"2\"" ENTITIES(
	    ENTITY(KEY_2) "," ENTITY(KEY_1))),
	EVENT(",\"communicationId\":\"c\",\"affectedAccount\":"
	      "\"123456789012\"" ENTITIES(ENTITY(KEY_1))),
};

START_TEST(copies_have_one_name)
{
	size_t last;

	admit(copies[_i], false);
	last = admission.count - 1;
	EXPECT_NAME(
	    last, "123456789012-" KEY_1 "-", "123456789012\0" KEY_1 "\0arn\0c");
}
END_TEST

/* One part moves into its neighbour, or is another. */
static const char *const others[] = {
	EVENT(",\"communicationId\":\"d\"" ENTITIES(ENTITY(KEY_1))),
	EVENT(",\"eventArn\":\"arnc\"" ENTITIES(ENTITY(KEY_1))),
	EVENT(",\"eventArn\":\"ar\",\"communicationId\":\"nc\"" ENTITIES(
	    ENTITY(KEY_1))),
	EVENT(",\"communicationId\":\"c\",\"affectedAccount\":"
	      "\"210987654321\"" ENTITIES(ENTITY(KEY_1))),
};

START_TEST(others_have_others)
{
	admit(copies[1], false);
	FREE_LATER char *name = xstrdup(admission.names[0]);

	reset();
	admit(others[_i], false);
	ck_assert_str_ne(admission.names[0], name);
}
END_TEST

START_TEST(without_an_account_it_is_unknown)
{
	admit("{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"
	      "\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":"
	      "[" ENTITY(KEY_1) "]}}",
	    false);
	EXPECT_NAME(0, "unknown-" KEY_1 "-", "unknown\0" KEY_1 "\0\0");
	ck_assert_str_eq(engine.starts[0].account, "unknown");
}
END_TEST

START_TEST(what_is_injected_is_always_new)
{
	struct random random = random_seeded(7);
	char digits[13];

	random_hex(&random, digits, 12);
	admit(EVENT(ENTITIES(ENTITY(KEY_1))), true);
	FREE_LATER char *name = xasprintf("123456789012-%s-%s", KEY_1, digits);
	ck_assert_str_eq(admission.names[0], name);
}
END_TEST

START_TEST(bad_entities_share_one_execution)
{
	admit(
	    EVENT(ENTITIES(ENTITY("root") "," ENTITY(KEY_1) "," ENTITY("a/b"))),
	    false);
	ck_assert_uint_eq(admission.count, 2);
	ck_assert(!admission.refused);
	ck_assert_str_eq(engine.starts[0].key, KEY_1);
	EXPECT_NAME(
	    1, "123456789012-BadKeyId-", "123456789012\0\0arn\0\0a/b\0root");
	expect_failure(1, "Finding.BadKeyId",
	    "2 affected entities are no access key ids: a/b, root");
	ck_assert_str_eq(engine.starts[1].account, "123456789012");
}
END_TEST

START_TEST(ten_bad_entities_are_named)
{
	struct buf body = BUF_INIT(4096);

	buf_puts(&body,
	    "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"
	    "\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":[");
	for (int i = 0; i < 12; i++)
		buf_printf(&body, "%s{\"entityValue\":\"%c\"}",
		    i == 0 ? "" : ",", 'l' - i);
	buf_puts(&body, "]}}");
	admit(buf_text(&body), false);
	ck_assert_uint_eq(admission.count, 1);
	expect_failure(0, "Finding.BadKeyId",
	    "12 affected entities are no access key ids: "
	    "a, b, c, d, e, f, g, h, i, j, ...");
	buf_done(&body);
}
END_TEST

START_TEST(no_entity_is_an_execution_as_well)
{
	admit(EVENT(""), false);
	EXPECT_NAME(0, "123456789012-NoEntity-", "123456789012\0\0arn\0");
	expect_failure(
	    0, "Finding.NoEntity", "the event names no affected entity");
	ck_assert(!admission.refused);
}
END_TEST

static const struct {
	const char *body, *error;
} useless[] = {
	{ EVENT(""), "Finding.NoEntity" },
	{ EVENT(ENTITIES(ENTITY("root"))), "Finding.BadKeyId" },
	{ "AWS_RISK_IAM_QUARANTINE", "Finding.Malformed" },
	{ "{}", "Finding.OtherEvent" },
};

START_TEST(injecting_what_names_no_key_is_refused)
{
	admit(useless[_i].body, true);
	ck_assert_uint_eq(admission.count, 0);
	ck_assert(admission.refused);
	ck_assert_str_eq(admission.refusal.name, useless[_i].error);
}
END_TEST

START_TEST(injected_bad_neighbours_are_told)
{
	admit(EVENT(ENTITIES(ENTITY("root") "," ENTITY(KEY_1))), true);
	ck_assert_uint_eq(admission.count, 2);
	ck_assert(!admission.refused);
}
END_TEST

START_TEST(other_events_start_nothing)
{
	admit("{\"source\":\"x\",\"code\":\"AWS_RISK_IAM_QUARANTINE\"}", false);
	ck_assert_uint_eq(admission.count, 0);
	ck_assert(admission.refused);
	ck_assert_str_eq(admission.refusal.name, "Finding.OtherEvent");
}
END_TEST

START_TEST(the_unreadable_starts_nothing)
{
	admit("{\"source\":\"aws.health\"", false);
	ck_assert_uint_eq(admission.count, 0);
	ck_assert(admission.refused);
	ck_assert_str_eq(admission.refusal.name, "Finding.Malformed");
}
END_TEST

START_TEST(unless_it_may_be_about_a_key)
{
	static const char body[] = "[\"AWS_RISK_IAM_QUARANTINE\"]";

	admit(body, false);
	ck_assert_uint_eq(admission.count, 1);
	ck_assert(admission.refused);
	ck_assert_str_eq(admission.refusal.name, "Finding.Malformed");
	expect_name(
	    admission.names[0], "unknown-Unreadable-", body, sizeof body - 1);
	expect_failure(
	    0, "Finding.Unreadable", "Finding.Malformed: not a JSON object");
}
END_TEST

/* 2,001 times the same; the caller frees it. */
static char *
crowd(const char *entity)
{
	struct buf body = BUF_INIT((size_t)1 << 20);

	buf_puts(&body,
	    "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"
	    "\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":[");
	for (int i = 0; i < 2001; i++)
		buf_printf(&body, "%s%s", i == 0 ? "" : ",", entity);
	buf_puts(&body, "]}}");
	return buf_take(&body);
}

START_TEST(too_many_entities_are_refused_in_part)
{
	FREE_LATER char *body = crowd(ENTITY(KEY_1));

	admit(body, false);
	ck_assert_uint_eq(admission.count, 2);
	ck_assert_str_eq(engine.starts[0].key, KEY_1);
	ck_assert(admission.refused);
	ck_assert_str_eq(admission.refusal.name, "Finding.TooManyEntities");
	expect_failure(1, "Finding.TooManyEntities",
	    "1 affected entities beyond the first 2000 are not handled");
}
END_TEST

START_TEST(a_useless_crowd_is_refused_whole)
{
	FREE_LATER char *body = crowd(ENTITY("root"));

	admit(body, true);
	ck_assert_uint_eq(admission.count, 0);
	ck_assert(admission.refused);
}
END_TEST

#define LOOP(test, array)                                                      \
	tcase_add_loop_test(tcase, test, 0, sizeof(array) / sizeof(array)[0])

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/admission");
	TCase *tcase = tcase_create("admission");

	tcase_add_checked_fixture(tcase, NULL, reset);
	tcase_add_test(tcase, a_key_is_an_execution);
	tcase_add_test(tcase, each_key_has_its_own);
	tcase_add_test(tcase, a_long_key_id_is_cut_in_the_name_alone);
	LOOP(copies_have_one_name, copies);
	LOOP(others_have_others, others);
	tcase_add_test(tcase, without_an_account_it_is_unknown);
	tcase_add_test(tcase, what_is_injected_is_always_new);
	tcase_add_test(tcase, bad_entities_share_one_execution);
	tcase_add_test(tcase, ten_bad_entities_are_named);
	tcase_add_test(tcase, no_entity_is_an_execution_as_well);
	LOOP(injecting_what_names_no_key_is_refused, useless);
	tcase_add_test(tcase, injected_bad_neighbours_are_told);
	tcase_add_test(tcase, other_events_start_nothing);
	tcase_add_test(tcase, the_unreadable_starts_nothing);
	tcase_add_test(tcase, unless_it_may_be_about_a_key);
	tcase_add_test(tcase, too_many_entities_are_refused_in_part);
	tcase_add_test(tcase, a_useless_crowd_is_refused_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
