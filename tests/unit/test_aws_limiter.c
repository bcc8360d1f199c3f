/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may call when: places in flight, ranks and rates, seen from a server on
 * loopback.
 */
#include <string.h>

#include "aws/cloudtrail.h"
#include "aws/iam.h"
#include "aws/sns.h"
#include "aws/sqs.h"
#include "unit/aws_peer.h"
#include "unit/unit.h"

#define DELETED "<DeleteAccessKeyResponse></DeleteAccessKeyResponse>"
#define THROTTLED                                                              \
	"<ErrorResponse><Error><Code>Throttling</Code></Error></"              \
	"ErrorResponse>"
#define TOPIC "arn:aws:sns:us-east-1:123456789012:topic"

static struct peer peer;

/* Keeps every request without an answer. */
static void
hold(void *arg, struct peer_request *request)
{
	(void)arg;
	(void)request;
}

static void
setup(void)
{
	peer_init(&peer, hold, NULL);
}

static void
teardown(void)
{
	peer_done(&peer);
}

static void
on_deleted(void *arg, const char *request_id, const struct error *error)
{
	(void)arg;
	(void)request_id;
	(void)error;
	peer_end(&peer);
}

static void
start_delete(void)
{
	struct aws_options options = { .rank = AWS_RANK_DELETE };

	iam_delete_access_key(
	    peer.aws, "alice", "A", &options, on_deleted, NULL);
}

static void
answer(struct peer_request *request, int status, const char *body)
{
	peer_answer(request, status, "", body, strlen(body));
}

/* The request that came last. */
static struct peer_request *
newest(void)
{
	struct peer_request *request = peer.requests;

	while (request->next != NULL)
		request = request->next;
	return request;
}

/* ---- places ---- */

static void
on_published(void *arg, const char *message_id, const char *request_id,
    const struct error *error)
{
	(void)arg;
	(void)message_id;
	(void)request_id;
	(void)error;
	peer_end(&peer);
}

START_TEST(so_many_are_in_flight_and_no_more)
{
	unsigned calls = 0;

	for (; calls < 100; calls++)
		start_delete();
	peer_wait(&peer, &peer.count, 28);
	for (unsigned answered = 1; answered <= calls; answered++) {
		answer(peer.requests, 200, DELETED);
		peer_wait(&peer, &peer.ended, answered);
		peer_wait(&peer, &peer.count,
		    answered + 28 < calls ? answered + 28 : calls);
	}
}
END_TEST

START_TEST(hanging_publishes_hold_no_deletion)
{
	struct peer_request *request;

	for (int i = 0; i < 100; i++)
		sns_publish(peer.aws, TOPIC, "subject", "message", "dedup",
		    NULL, on_published, NULL);
	peer_wait(&peer, &peer.count, 16);
	start_delete();
	peer_wait(&peer, &peer.count, 17);
	request = newest();
	ck_assert_str_eq(peer_operation(request), "DeleteAccessKey");
	answer(request, 200, DELETED);
	peer_wait(&peer, &peer.ended, 1);
}
END_TEST

static void
on_received(void *arg, const struct sqs_message *messages, size_t count,
    const struct error *error)
{
	(void)arg;
	(void)messages;
	(void)count;
	(void)error;
	peer_end(&peer);
}

static void
on_batched(void *arg, const struct error *const *results, size_t count,
    const struct error *error)
{
	(void)arg, (void)results, (void)count;
	ck_assert_ptr_null(error);
	peer_end(&peer);
}

START_TEST(polls_hold_no_acknowledgement)
{
	const struct sqs_entry entry = { "handle", 0 };
	struct peer_request *request;

	for (int i = 0; i < 20; i++)
		sqs_receive(
		    peer.aws, PEER_URL, 10, 20, NULL, on_received, NULL);
	peer_wait(&peer, &peer.count, 2);
	sqs_delete_batch(peer.aws, PEER_URL, &entry, 1, NULL, on_batched, NULL);
	peer_wait(&peer, &peer.count, 3);
	request = newest();
	ck_assert_str_eq(peer_operation(request), "DeleteMessageBatch");
	answer(request, 200, "{}");
	peer_wait(&peer, &peer.ended, 1);
}
END_TEST

static char order[64]; /* the operations that came, by a letter each */

static void
note_and_answer(void *arg, struct peer_request *request)
{
	const char *operation = peer_operation(request);

	(void)arg;
	strncat(order, operation, 1);
	answer(request, 500, "");
}

static void
on_last_used(
    void *arg, const struct iam_last_used *result, const struct error *error)
{
	(void)arg;
	(void)result;
	ck_assert_str_eq(error->name, "Http.Status500");
	peer_end(&peer);
}

START_TEST(places_go_by_rank)
{
	struct aws_options look_up = { .rank = AWS_RANK_LOOK_UP };

	/* All places are taken, then freed one by one. */
	for (int i = 0; i < 28; i++)
		start_delete();
	peer_wait(&peer, &peer.count, 28);
	order[0] = '\0';
	peer.asked = note_and_answer;
	iam_last_used(peer.aws, "A", &look_up, on_last_used, NULL);
	iam_last_used(peer.aws, "B", &look_up, on_last_used, NULL);
	start_delete();
	start_delete();
	answer(peer.requests, 200, DELETED);
	peer_wait(&peer, &peer.ended, 5);
	ck_assert_str_eq(order, "DDGG");
}
END_TEST

/* ---- rates ---- */

static void
on_looked_up(void *arg, struct json_object *events, const char *next_token,
    const char *request_id, const struct error *error)
{
	(void)arg;
	(void)events;
	(void)next_token;
	(void)request_id;
	(void)error;
	peer_end(&peer);
}

/* Answers well, but throttles the first deletion. */
static void
serve(void *arg, struct peer_request *request)
{
	(void)arg;
	if (strcmp(peer_operation(request), "LookupEvents") == 0)
		answer(request, 200, "{}");
	else if (peer.count == 1)
		answer(request, 400, THROTTLED);
	else
		answer(request, 200, DELETED);
}

START_TEST(look_ups_keep_their_rate)
{
	const struct clock *clock = loop_clock(peer.loop);
	struct cloudtrail_query query = { "alice", 0, 1000, 50, NULL };
	int64_t began_ms = clock_mono_ms(clock);

	peer.asked = serve;
	aws_set_lookup_rate(peer.aws, 20);
	for (int i = 0; i < 5; i++)
		cloudtrail_lookup(peer.aws, &query, NULL, on_looked_up, NULL);
	peer_wait(&peer, &peer.ended, 5);
	/* The first at once, the others 50 ms apart. */
	ck_assert_int_ge(clock_mono_ms(clock) - began_ms, 200);
}
END_TEST

START_TEST(throttling_slows_down_what_follows)
{
	const struct clock *clock = loop_clock(peer.loop);
	int64_t began_ms;

	peer.asked = serve;
	for (int i = 0; i < 16; i++)
		start_delete();
	peer_wait(&peer, &peer.ended, 16);
	/* Half of 16 a second: 125 ms apart. */
	began_ms = clock_mono_ms(clock);
	start_delete();
	start_delete();
	peer_wait(&peer, &peer.ended, 18);
	ck_assert_int_ge(clock_mono_ms(clock) - began_ms, 100);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/limiter");
	TCase *tests = tcase_create("limiter");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, so_many_are_in_flight_and_no_more);
	tcase_add_test(tests, hanging_publishes_hold_no_deletion);
	tcase_add_test(tests, polls_hold_no_acknowledgement);
	tcase_add_test(tests, places_go_by_rank);
	tcase_add_test(tests, look_ups_keep_their_rate);
	tcase_add_test(tests, throttling_slows_down_what_follows);
	suite_add_tcase(suite, tests);
	return suite;
}
