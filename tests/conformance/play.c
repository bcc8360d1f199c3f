/* SPDX-License-Identifier: Apache-2.0 */
/* One execution, its script, and a clock that jumps to what is next. */
#include "conformance/play.h"

#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "machine/operate.h"
#include "unit/machine_rig.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define NAME      "x" /* of the execution */
#define HELD_MS   SECONDS(60)
#define RESTARTED "Daemon.Restarted"
#define WAY_MAX   ((size_t)1 << 20)
#define NEVER_MS  INT64_MAX

struct play {
	struct rig rig; /* first: the rig's script finds the play by it */
	struct json_object *script;
	struct attempt *now;     /* the attempt under way, or NULL */
	struct json_object *as;  /* what it does; NULL: the script is over */
	int64_t left_ms, end_ms; /* when it goes out, and ends (monotonic) */
};

const struct fake_history *
play_history(const struct play *play)
{
	return fake_find(&play->rig.journal, NAME);
}

/* Whether this ended an attempt; one that a restart cut off is repeated. */
static bool
ends_attempt(const struct fake_event *one)
{
	return one->event.type == EVENT_TASK_SUCCEEDED ||
	    one->event.type == EVENT_TASK_TIMED_OUT ||
	    (one->event.type == EVENT_TASK_FAILED &&
		strcmp(one->error.name, RESTARTED) != 0);
}

static size_t
attempts_ended(const struct play *play)
{
	const struct fake_history *history = play_history(play);
	size_t ended = 0;

	for (size_t i = 0; i < history->count; i++)
		ended += ends_attempt(&history->events[i]);
	return ended;
}

/* ---- an attempt ---- */

/* The class of a name is what the names of each class say. */
struct search {
	const char *name;
	bool found;
};

static void
compare(void *arg, const char *name)
{
	struct search *search = arg;

	search->found = search->found || strcmp(name, search->name) == 0;
}

static enum error_class
class_of(const char *service, const char *name)
{
	struct search search = { .name = name };

	failure_expand("Class.Throttled", service, compare, &search);
	if (search.found)
		return CLASS_THROTTLED;
	failure_expand("Class.Transient", service, compare, &search);
	return search.found ? CLASS_TRANSIENT : CLASS_NONE;
}

static void
end_attempt(struct play *play)
{
	struct attempt *now = play->now;
	const struct state *state = &play->rig.machine->states[now->state];
	const char *name = doc_string(play->as, "error");
	struct error error;

	play->now = NULL;
	now->over = true;
	if (name == NULL) {
		run_succeed(now->run, doc_string(play->as, "result"));
		return;
	}
	error_set_class(&error, class_of(state->task->service, name), name,
	    "%s", doc_string(play->as, "cause"));
	run_fail(now->run, &error);
}

static void
leave(struct play *play)
{
	play->left_ms = NEVER_MS;
	play->end_ms = play->rig.mono_ms + doc_int(play->as, "ms", 0);
	run_left(play->now->run);
}

/* It begins, or its intent is durable. */
static void
attempt_begins(struct rig *rig, struct attempt *attempt)
{
	struct play *play = (struct play *)rig;
	size_t i = attempts_ended(play);
	int64_t waits;

	play->now = attempt;
	play->as = doc_element(doc_at(play->script, "attempts"), i);
	play->left_ms = play->end_ms = NEVER_MS;
	/* Each attempt draws its jitter anew, restarted or not. */
	rig->random = random_seeded(
	    (uint64_t)doc_int(play->script, "seed", 0) * 1000 + i);
	run_left(attempt->run);
	if (play->as == NULL)
		return;
	if (attempt->submitted == 0 && run_intent(attempt->run) == NULL &&
	    doc_bool(play->as, "intent", false)) {
		run_submit(attempt->run, "{}");
		return;
	}
	waits = doc_int(play->as, "waits", 0);
	if (waits == 0) {
		leave(play);
		return;
	}
	run_waits(attempt->run);
	play->left_ms = rig->mono_ms + waits;
}

/* ---- the clock ---- */

static int64_t
released_ms(const struct play *play)
{
	const struct fake_history *history = play_history(play);
	const struct rig *rig = &play->rig;

	if (engine_held(rig->engine) == 0)
		return NEVER_MS;
	return rig->mono_ms - rig->wall_ms + HELD_MS +
	    history->events[history->count - 1].event.wall_ms;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
next_ms(const struct play *play)
{
	int64_t next = released_ms(play);

	if (play->rig.wake_ms >= 0)
		next = earlier(next, play->rig.wake_ms);
	if (play->now != NULL)
		next = earlier(next, earlier(play->left_ms, play->end_ms));
	return next;
}

static void
settle(struct play *play)
{
	rig_settle(&play->rig);
	if (play->now != NULL && play->now->cancelled)
		play->now = NULL;
}

/* Does what is due, but the engine's own, which settling does. */
static void
act(struct play *play)
{
	struct rig *rig = &play->rig;

	if (rig->mono_ms >= released_ms(play))
		engine_release(rig->engine, NULL, NULL, "resume:test");
	if (play->now != NULL && rig->mono_ms >= play->left_ms)
		leave(play);
	if (play->now != NULL && rig->mono_ms >= play->end_ms)
		end_attempt(play);
}

void
play_on(struct play *play)
{
	struct rig *rig = &play->rig;

	settle(play);
	while (engine_running(rig->engine, NAME) &&
	    !(play->now != NULL && play->as == NULL)) {
		int64_t next = next_ms(play);

		rig->wall_ms += next - rig->mono_ms;
		rig->mono_ms = next;
		act(play);
		settle(play);
	}
}

struct play *
play_new(const struct machine *machine, struct json_object *script)
{
	struct play *play = xzalloc(sizeof *play);

	play->script = script;
	rig_init_on(&play->rig, machine);
	play->rig.script = attempt_begins;
	rig_start_with(&play->rig, NAME, doc_string(script, "input"), "L");
	return play;
}

void
play_free(struct play *play)
{
	rig_done(&play->rig);
	free(play);
}

/* ---- restarts ---- */

/* What a restart repeats says nothing of the way. */
static bool
on_the_way(const struct fake_event *one)
{
	enum event_type type = one->event.type;

	return type != EVENT_TASK_SCHEDULED && type != EVENT_TASK_STARTED &&
	    type != EVENT_TASK_SUBMITTED &&
	    strcmp(one->error.name, RESTARTED) != 0;
}

char *
play_way(const struct play *play)
{
	const struct fake_history *history = play_history(play);
	int64_t begin = history->events[0].event.wall_ms;
	struct buf out = BUF_INIT(WAY_MAX);

	for (size_t i = 0; i < history->count; i++) {
		const struct fake_event *one = &history->events[i];
		const char *state = one->event.state;
		const char *data = one->event.data;

		if (on_the_way(one))
			buf_printf(&out, "%lld ms %s %s %s\n",
			    (long long)(one->event.wall_ms - begin),
			    event_type_name(one->event.type),
			    state != NULL ? state : "",
			    data != NULL ? data : one->error.name);
	}
	return buf_take(&out);
}

/* The daemon dies right after that event, and is there again at once. */
static void
restart(struct play *play, size_t after)
{
	const struct fake_history *history = play_history(play);

	fake_keep(&play->rig.journal, NAME, after);
	play->now = NULL;
	play->rig.wall_ms = history->events[after - 1].event.wall_ms;
	rig_restart(&play->rig);
}

bool
play_restarts(struct play *play, size_t *ret_after, char **ret_way)
{
	FREE_LATER char *whole = play_way(play);
	size_t count = play_history(play)->count;

	for (size_t after = count - 1; after > 0; after--) {
		FREE_LATER char *way = NULL;

		restart(play, after);
		play_on(play);
		way = play_way(play);
		if (strcmp(way, whole) == 0)
			continue;
		*ret_after = after;
		*ret_way = STEAL(way);
		return false;
	}
	return true;
}
