/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE TABLE. The names, the order and the catch are those of the AWS sample;
 * that throttling is waited out longer than other faults, that keys may be
 * spared, that the catch takes every error, that what passes is tried again
 * and that a notification is never given up are ours.
 */
#include "workflow/exposed_key.h"

#include "workflow/delete_key.h"
#include "workflow/notify.h"
#include "workflow/summarize.h"

#define THROTTLED "Class.Throttled"
#define PASSING   "Class.Transient", "States.Timeout"

#define RETRY(...)                                                             \
	((const struct retrier[]){ __VA_ARGS__, { .error_equals = { NULL } } })
#define CATCH(...)                                                             \
	((const struct catcher[]){ __VA_ARGS__, { .error_equals = { NULL } } })

/* Delays double from `interval` up to `max_delay` seconds. */
#define RETRIER(interval, max_delay, attempts, strategy, ...)                  \
	{                                                                      \
		.error_equals = { __VA_ARGS__ }, .interval_seconds = interval, \
		.backoff_rate = 2.0, .max_delay_seconds = max_delay,           \
		.max_attempts = attempts, .jitter = JITTER_##strategy          \
	}

/*
 * Politely: IAM slows us down, and the key has to go all the same. Stubbornly:
 * IAM fails, and a human should hear of it before long. Briefly: a message
 * without a summary is better than one that comes late. Patiently: a quarter
 * of an hour; then FAILED, and redriven.
 */
#define POLITELY   RETRIER(1, 10, 20, FULL, THROTTLED)
#define STUBBORNLY RETRIER(1, 10, 8, FULL, PASSING)
#define BRIEFLY    RETRIER(2, 20, 5, FULL, THROTTLED, PASSING)
#define PATIENTLY  RETRIER(1, 60, 20, NONE, THROTTLED, PASSING)

/* Whatever it was: security is told. */
#define TELL(path, result)                                                     \
	{                                                                      \
		.error_equals = { "States.ALL" }, .next = NOTIFY,              \
		.result_path = path, .outcome = result                         \
	}

/* [response] says that the key is not to be touched: security is told all the
 * same, and what the key was used for. */
#define SPARED                                                                 \
	{                                                                      \
		.error_equals = { "Response.NotifyOnly",                       \
			"Response.ProtectedUser", "Response.ProtectedKey" },   \
		.next = SUMMARIZE, .result_path = "$.untouched",               \
		.outcome = OUTCOME_UNCONTAINED                                 \
	}

/* It may pass: then a new execution tries once more, by itself. */
#define TRY_AGAIN                                                              \
	{                                                                      \
		.error_equals = { THROTTLED, PASSING }, .next = NOTIFY,        \
		.result_path = "$.error-info", .outcome = OUTCOME_UNCONTAINED, \
		.again = true                                                  \
	}

static const struct state exposed_key_states[] = {
	[DELETE_KEY] = {
		.name = "DeleteAccessKeyPair",
		.task = &delete_key,
		.timeout_seconds = 15,
		.retry = RETRY(POLITELY, STUBBORNLY),
		.catch = CATCH(SPARED, TRY_AGAIN,
		    TELL("$.error-info", OUTCOME_UNCONTAINED)),
		.next = SUMMARIZE,
		.result_path = "$.deletion",
		.outcome = OUTCOME_CONTAINED,
		.held = "Response.Held",
		.lane = true,
	},
	[SUMMARIZE] = {
		.name = "LookupCloudTrailEvents",
		.task = &summarize,
		.timeout_seconds = 60,
		.retry = RETRY(BRIEFLY),
		.catch = CATCH(TELL("$.summary-error", NULL)),
		.next = NOTIFY,
		.result_path = "$.summary",
	},
	[NOTIFY] = {
		.name = "NotifySecurity",
		.task = &notify,
		.timeout_seconds = 15,
		.retry = RETRY(PATIENTLY),
		.next = STATE_END,
		.result_path = "$.notification",
		.after_commit = true,
	},
};

const struct machine exposed_key = {
	.name = "ExposedKey",
	.comment = "Deletes an exposed access key, then tells security",
	.states = exposed_key_states,
	.count = sizeof exposed_key_states / sizeof exposed_key_states[0],
	.start_at = DELETE_KEY,
	.aborted_outcome = OUTCOME_UNCONTAINED,
	.redrive = {
		.interval_seconds = 300,
		.backoff_rate = 2.0,
		.max_delay_seconds = 3600,
	},
};
