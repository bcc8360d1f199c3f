/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a call against a server on loopback: how it ends, when it is
 * signed anew, and that it is silent once cancelled.
 */
#include <string.h>

#include "aws/iam.h"
#include "unit/aws_peer.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/stamp.h"

#define DELETED                                                                \
	"<DeleteAccessKeyResponse><ResponseMetadata><RequestId>r-1</"          \
	"RequestId>"                                                           \
	"</ResponseMetadata></DeleteAccessKeyResponse>"
#define ERROR(code)                                                            \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code                 \
	"</Code><Message>because</Message></Error>"                            \
	"<RequestId>r-2</RequestId></ErrorResponse>"

static struct peer peer;
static struct error last; /* of the last call; name "" on success */
static unsigned lefts, waits;

static void
on_left(void *arg)
{
	(void)arg;
	lefts++;
}

static void
on_waits(void *arg)
{
	(void)arg;
	waits++;
}

static const struct aws_options watched = {
	.rank = AWS_RANK_DELETE,
	.left = on_left,
	.waits = on_waits,
};

static void
on_deleted(void *arg, const char *request_id, const struct error *error)
{
	(void)arg;
	ck_assert((error == NULL) == (request_id != NULL));
	last = error != NULL ? *error : (struct error){ 0 };
	peer_end(&peer);
}

static struct aws_call *
start_delete(void)
{
	return iam_delete_access_key(peer.aws, "alice", "AKIAIOSFODNN7EXAMPLE",
	    &watched, on_deleted, NULL);
}

/* Deletes once and waits for the end. */
static void
delete_once(void)
{
	unsigned before = peer.ended;

	start_delete();
	/* Never before the start returns. */
	ck_assert_uint_eq(peer.ended, before);
	peer_wait(&peer, &peer.ended, before + 1);
}

/* ---- the script: an answer for each request, the last one for the rest --- */

struct step {
	int status; /* 0: hang up in the middle of `body` */
	int64_t skew_ms;
	const char *headers, *body;
};

static const struct step *script;
static char dates[4][32], tokens[4][32]; /* of the requests that came */

static void
play(void *arg, struct peer_request *request)
{
	const struct step *step = script;
	unsigned i = peer.count - 1;

	(void)arg;
	if (i < 4) {
		strcpy(dates[i], peer_header(request, "X-Amz-Date"));
		strcpy(tokens[i], peer_header(request, "X-Amz-Security-Token"));
	}
	if (step[1].body != NULL)
		script++;
	if (step->status == 0)
		peer_hang_up(request, step->body);
	else
		peer_answer_dated(request, step->status, step->skew_ms,
		    step->headers != NULL ? step->headers : "", step->body);
}

#define SCRIPT(...) (script = (const struct step[]){ __VA_ARGS__, { 0 } })

static void
setup(void)
{
	peer_init(&peer, play, NULL);
	lefts = waits = 0;
}

static void
teardown(void)
{
	peer_done(&peer);
}

/* The time that a request was signed for, in ms from now. */
static int64_t
signed_ahead(const char *date)
{
	FREE_LATER char *text = xasprintf("%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ",
	    date, date + 4, date + 6, date + 9, date + 11, date + 13);
	int64_t wall_ms;

	ck_assert(stamp_parse(text, &wall_ms));
	return wall_ms - clock_wall_ms(loop_clock(peer.loop));
}

#define ck_assert_about(value, expected)                                       \
	do {                                                                   \
		ck_assert_int_gt(value, (expected)-4000);                      \
		ck_assert_int_lt(value, (expected) + 4000);                    \
	} while (0)

/* ---- one attempt ---- */

START_TEST(a_call_ends_once)
{
	SCRIPT({ 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_str_eq(last.name, "");
	ck_assert_uint_eq(peer.count, 1);
	ck_assert_uint_eq(waits, 1);
	ck_assert_uint_eq(lefts, 1);
	ck_assert_str_eq(tokens[0], "token-0");
	ck_assert(aws_own_key(peer.aws, "AKIAIOSFODNN7EXAMPLE"));
	ck_assert(!aws_own_key(peer.aws, "AKIAIOSFODNN7OTHERSS"));
}
END_TEST

START_TEST(nobody_has_no_own_key)
{
	ck_assert(!aws_own_key(peer.aws, ""));
}
END_TEST

static const struct {
	struct step step;
	const char *name;
	enum error_class class;
} failures[] = {
	{ { 403, 0, NULL, ERROR("AccessDenied") }, "IAM.AccessDenied",
	    CLASS_NONE },
	{ { 409, 0, NULL, ERROR("LimitExceeded") }, "IAM.LimitExceeded",
	    CLASS_NONE },
	{ { 400, 0, NULL, ERROR("Throttling") }, "IAM.Throttling",
	    CLASS_THROTTLED },
	{ { 500, 0, NULL, ERROR("ServiceFailure") }, "IAM.ServiceFailure",
	    CLASS_TRANSIENT },
	{ { 502, 0, NULL, "<html>Bad gateway" }, "Http.Status502",
	    CLASS_TRANSIENT },
	{ { 302, 0, "Location: http://127.0.0.1/\r\n", "" }, "Http.Status302",
	    CLASS_TRANSIENT },
	{ { 200, 0, NULL, "<html><p>Welcome</p></html>" },
	    "Aws.MalformedAnswer", CLASS_TRANSIENT },
	{ { 200, 0, NULL, "" }, "Aws.MalformedAnswer", CLASS_TRANSIENT },
	{ { 200, 0, NULL, "<DeleteAccessKeyResponse><Respon" },
	    "Aws.MalformedAnswer", CLASS_TRANSIENT },
	{ { 0, 0, NULL, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<a>" },
	    "Http.Reset", CLASS_TRANSIENT },
	{ { 0, 0, NULL, "" }, "Http.Reset", CLASS_TRANSIENT },
};

START_TEST(failures_have_names)
{
	script = (const struct step[]){ failures[_i].step, { 0 } };
	delete_once();
	ck_assert_str_eq(last.name, failures[_i].name);
	ck_assert_int_eq(last.class, failures[_i].class);
	ck_assert(last.cause[0] != '\0');
	ck_assert_uint_eq(peer.count, 1);
}
END_TEST

START_TEST(no_credentials_is_no_request)
{
	peer.credentials.none = true;
	delete_once();
	ck_assert_str_eq(last.name, "Aws.NoCredentials");
	ck_assert_int_eq(last.class, CLASS_TRANSIENT);
	ck_assert_uint_eq(peer.count, 0);
	ck_assert_uint_eq(waits, 1);
	ck_assert_uint_eq(lefts, 0);
}
END_TEST

/* ---- the second attempt ---- */

START_TEST(a_wrong_clock_is_mended_once)
{
	SCRIPT({ 403, SECONDS(301), NULL, ERROR("SignatureDoesNotMatch") },
	    { 200, SECONDS(301), NULL, DELETED });
	delete_once();
	ck_assert_str_eq(last.name, "");
	ck_assert_uint_eq(peer.count, 2);
	ck_assert_uint_eq(lefts, 2);
	ck_assert_uint_eq(waits, 2);
	ck_assert_about(signed_ahead(dates[0]), 0);
	ck_assert_about(signed_ahead(dates[1]), SECONDS(301));
	/* Later calls know it from the start. */
	delete_once();
	ck_assert_uint_eq(peer.count, 3);
	ck_assert_about(signed_ahead(dates[2]), SECONDS(301));
}
END_TEST

START_TEST(a_clock_that_agrees_again_resets_the_skew)
{
	SCRIPT({ 403, -SECONDS(3600), NULL, ERROR("RequestExpired") },
	    { 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_about(signed_ahead(dates[1]), -SECONDS(3600));
	delete_once();
	ck_assert_about(signed_ahead(dates[2]), 0);
}
END_TEST

static const struct {
	struct step step;
	int64_t next_ms; /* what the next call is signed ahead */
} unmended[] = {
	/* a wrong secret: the clocks agree */
	{ { 403, 0, NULL, ERROR("SignatureDoesNotMatch") }, 0 },
	/* too little, but recorded */
	{ { 403, SECONDS(120), NULL, ERROR("SignatureDoesNotMatch") },
	    SECONDS(120) },
	/* nothing to do with clocks, but recorded */
	{ { 403, SECONDS(900), NULL, ERROR("AccessDenied") }, SECONDS(900) },
	/* a cache's date proves nothing */
	{ { 403, SECONDS(900), "Age: 10\r\n", ERROR("SignatureDoesNotMatch") },
	    0 },
};

START_TEST(other_failures_are_not_mended)
{
	const struct step *step = &unmended[_i].step;

	script = (const struct step[]){ *step, *step, { 0 } };
	delete_once();
	ck_assert_uint_eq(peer.count, 1);
	delete_once();
	ck_assert_uint_eq(peer.count, 2);
	ck_assert_about(signed_ahead(dates[1]), unmended[_i].next_ms);
}
END_TEST

START_TEST(there_is_no_third_attempt)
{
	SCRIPT({ 403, SECONDS(600), NULL, ERROR("SignatureDoesNotMatch") },
	    { 403, 0, NULL, ERROR("ExpiredToken") }, { 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_str_eq(last.name, "IAM.ExpiredToken");
	ck_assert_int_eq(last.class, CLASS_TRANSIENT);
	ck_assert_str_eq(last.request_id, "r-2");
	ck_assert_str_eq(last.cause, "because");
	ck_assert_uint_eq(peer.count, 2);
}
END_TEST

START_TEST(an_expired_session_is_renewed_once)
{
	SCRIPT(
	    { 403, 0, NULL, ERROR("ExpiredToken") }, { 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_str_eq(last.name, "");
	ck_assert_uint_eq(peer.credentials.number, 1);
	ck_assert_str_eq(tokens[0], "token-0");
	ck_assert_str_eq(tokens[1], "token-1");
}
END_TEST

/* Both were signed with the old ones; the second must not throw away what the
 * first has fetched. */
START_TEST(calls_together_renew_together)
{
	SCRIPT({ 403, 0, NULL, ERROR("ExpiredToken") },
	    { 403, 0, NULL, ERROR("ExpiredToken") }, { 200, 0, NULL, DELETED });
	start_delete();
	start_delete();
	peer_wait(&peer, &peer.ended, 2);
	ck_assert_str_eq(last.name, "");
	ck_assert_uint_eq(peer.credentials.number, 1);
}
END_TEST

START_TEST(an_unknown_key_is_looked_up_anew_next_time)
{
	SCRIPT({ 403, 0, NULL, ERROR("InvalidClientTokenId") },
	    { 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_str_eq(last.name, "IAM.InvalidClientTokenId");
	ck_assert_int_eq(last.class, CLASS_TRANSIENT);
	ck_assert_uint_eq(peer.count, 1);
	delete_once();
	ck_assert_str_eq(tokens[1], "token-1");
}
END_TEST

/* ---- cancelling ---- */

/* Keeps every request without an answer. */
static void
hold(void *arg, struct peer_request *request)
{
	(void)arg;
	(void)request;
}

START_TEST(cancelling_is_silence_at_each_stage)
{
	struct aws_call *call = start_delete();

	/* Not begun. */
	aws_call_cancel(call);
	/* Waiting for credentials. */
	peer.credentials.silent = true;
	call = start_delete();
	peer_wait(&peer, &peer.credentials.asked, 1);
	aws_call_cancel(call);
	ck_assert_ptr_null(peer.credentials.waiting);
	/* On the wire. */
	peer.credentials.silent = false;
	peer.asked = hold;
	call = start_delete();
	peer_wait(&peer, &peer.count, 1);
	aws_call_cancel(call);
	/* What comes after is not disturbed. */
	peer.asked = play;
	SCRIPT({ 200, 0, NULL, DELETED });
	delete_once();
	ck_assert_uint_eq(peer.ended, 1);
}
END_TEST

START_TEST(the_client_ends_what_is_under_way)
{
	peer.asked = hold;
	for (int i = 0; i < 40; i++)
		start_delete();
	peer_wait(&peer, &peer.count, 28);
	/* teardown frees it */
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/call");
	TCase *tests = tcase_create("call");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_call_ends_once);
	tcase_add_test(tests, nobody_has_no_own_key);
	tcase_add_loop_test(
	    tests, failures_have_names, 0, sizeof failures / sizeof *failures);
	tcase_add_test(tests, no_credentials_is_no_request);
	tcase_add_test(tests, a_wrong_clock_is_mended_once);
	tcase_add_test(tests, a_clock_that_agrees_again_resets_the_skew);
	tcase_add_loop_test(tests, other_failures_are_not_mended, 0,
	    sizeof unmended / sizeof *unmended);
	tcase_add_test(tests, there_is_no_third_attempt);
	tcase_add_test(tests, an_expired_session_is_renewed_once);
	tcase_add_test(tests, calls_together_renew_together);
	tcase_add_test(tests, an_unknown_key_is_looked_up_anew_next_time);
	tcase_add_test(tests, cancelling_is_silence_at_each_stage);
	tcase_add_test(tests, the_client_ends_what_is_under_way);
	suite_add_tcase(suite, tests);
	return suite;
}
