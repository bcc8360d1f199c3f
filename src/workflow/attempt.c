/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attempt is freed before its run ends, so that nothing of it is left for
 * the engine to cancel.
 */
#include "workflow/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "machine/task.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "workflow/workflow.h"

static void
on_end(void *arg)
{
	struct attempt *attempt = arg;

	if (attempt->result != NULL)
		attempt_succeed(attempt, STEAL(attempt->result));
	else
		attempt_fail(attempt, &attempt->error);
}

void *
attempt_new(size_t size, struct workflow *workflow, struct run *run,
    void (*cancel)(void *attempt))
{
	struct attempt *attempt = xzalloc(size);
	const char *input = run_input(run);

	attempt->workflow = workflow;
	attempt->run = run;
	attempt->input = doc_parse(input, strlen(input), NULL);
	attempt->cancel = cancel;
	loop_defer_init(&attempt->end, workflow->loop, on_end, attempt);
	return attempt;
}

void
attempt_free(struct attempt *attempt)
{
	if (attempt->call != NULL)
		aws_call_cancel(attempt->call);
	loop_defer_clear(&attempt->end);
	doc_free(attempt->result);
	doc_free(attempt->input);
	free(attempt);
}

static void
on_left(void *arg)
{
	struct attempt *attempt = arg;

	run_left(attempt->run);
}

static void
on_waits(void *arg)
{
	struct attempt *attempt = arg;

	run_waits(attempt->run);
}

struct aws_options
attempt_options(enum aws_rank rank)
{
	return (struct aws_options){
		.rank = rank, .left = on_left, .waits = on_waits
	};
}

void
attempt_succeed(struct attempt *attempt, struct json_object *result)
{
	struct run *run = attempt->run;
	FREE_LATER char *text = doc_text(result);

	doc_free(result);
	attempt->cancel(attempt);
	run_succeed(run, text);
}

void
attempt_fail(struct attempt *attempt, const struct error *error)
{
	struct run *run = attempt->run;
	struct error copy = *error;

	attempt->cancel(attempt);
	run_fail(run, &copy);
}

void
attempt_settle(struct attempt *attempt, struct json_object *result)
{
	attempt->result = result;
	loop_defer_set(&attempt->end);
}

void
attempt_refuse(struct attempt *attempt)
{
	loop_defer_set(&attempt->end);
}
