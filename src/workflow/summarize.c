/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Summarises what the key's user did lately: pages of LookupEvents, newest
 * first, until there are no more or enough. A page's token is good only with
 * the same parameters, so all pages are of one size, and of the last one only
 * as much is counted as is wanted.
 */
#include "workflow/summarize.h"

#include <stdlib.h>
#include <string.h>

#include "aws/cloudtrail.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/attempt.h"
#include "workflow/summary.h"
#include "workflow/workflow.h"

#define PAGE  50 /* events: the most that CloudTrail gives */
#define EMPTY 20 /* pages without any, in a row */

struct looking {
	struct attempt attempt;
	struct summary summary;
	struct cloudtrail_query query;
	char *next_token;
	int empty;
	bool restarted;
};

static void look_up(struct looking *looking);

static void
turn_page(struct looking *looking, const char *next_token)
{
	free(looking->next_token);
	looking->next_token = xstrdup(next_token);
	looking->query.next_token = looking->next_token;
	look_up(looking);
}

static void
finish(struct looking *looking, const char *request_id)
{
	struct json_object *result = summary_result(&looking->summary);

	doc_put_int(result, "Hours", looking->attempt.workflow->settings.hours);
	doc_put_string(result, "RequestId", request_id);
	attempt_succeed(&looking->attempt, result);
}

/* A token may have grown too old: once, begin again. */
static void
failed(struct looking *looking, const struct error *error)
{
	if (looking->restarted ||
	    strcmp(error->name, "CloudTrail.InvalidNextTokenException") != 0) {
		attempt_fail(&looking->attempt, error);
		return;
	}
	looking->restarted = true;
	summary_done(&looking->summary);
	turn_page(looking, NULL);
}

static void
on_looked_up(void *arg, struct json_object *events, const char *next_token,
    const char *request_id, const struct error *error)
{
	struct looking *looking = arg;
	int64_t max = looking->attempt.workflow->settings.max_events;
	int64_t before = looking->summary.events;

	looking->attempt.call = NULL;
	if (error != NULL) {
		failed(looking, error);
		return;
	}
	summary_add(&looking->summary, events, max);
	looking->empty =
	    looking->summary.events > before ? 0 : looking->empty + 1;
	if (next_token != NULL && looking->summary.events < max &&
	    looking->empty < EMPTY)
		turn_page(looking, next_token);
	else
		finish(looking, request_id);
}

static void
look_up(struct looking *looking)
{
	struct aws_options options = attempt_options(AWS_RANK_REST);

	looking->attempt.call =
	    cloudtrail_lookup(looking->attempt.workflow->aws, &looking->query,
		&options, on_looked_up, looking);
}

static void
cancel(void *arg)
{
	struct looking *looking = arg;

	summary_done(&looking->summary);
	free(looking->next_token);
	attempt_free(&looking->attempt);
}

static void *
start(void *context, struct run *run)
{
	struct workflow *workflow = context;
	struct looking *looking =
	    attempt_new(sizeof *looking, workflow, run, cancel);
	int64_t now = aws_wall_ms(workflow->aws);
	int max = workflow->settings.max_events;

	looking->query = (struct cloudtrail_query){
		.user_name = run_tag(run, TAG_USER),
		.start_wall_ms = now - workflow->settings.hours * MINUTES(60),
		.end_wall_ms = now,
		.max_results = max < PAGE ? max : PAGE,
	};
	look_up(looking);
	return looking;
}

const struct task summarize = {
	.resource = "cloudtrail:lookupEvents",
	.asl_resource = "arn:aws:states:::aws-sdk:cloudtrail:lookupEvents",
	.service = "CloudTrail",
	.start = start,
	.cancel = cancel,
};
