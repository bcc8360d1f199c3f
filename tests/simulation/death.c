/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A death has a place: what was under way, as far as it matters.
 */
#include "simulation/death.h"

#include <string.h>

#include <json-c/json.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "loop/loop.h"
#include "simulation/disk.h"
#include "simulation/life.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/breaker.h"

#define INTENT  "intent durable"
#define STOP_MS SECONDS(4) /* then it ends without good order */

/* ---- where ---- */

static const char *
at_call(const struct life *life)
{
	static const struct {
		const char *operation, *sent, *acted;
	} calls[] = {
		{ "DeleteAccessKey", "deletion sent", "key deleted" },
		{ "Publish", "notification sent", "notified" },
		{ "DeleteMessageBatch", "acknowledgement sent",
		    "acknowledged" },
		{ "GetAccessKeyLastUsed", "look-up sent", "looked up" },
		{ "LookupEvents", "summary asked", "summary made" },
	};
	const struct call *call;

	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		call = calls_find(life, calls[i].operation);
		if (call != NULL)
			return call->acted ? calls[i].acted : calls[i].sent;
	}
	return NULL;
}

static const char *
place(const struct life *life)
{
	const struct engine *engine = core_engine(life->world.core);
	const char *call = at_call(life);

	if (life->draining)
		return "stopping";
	if (!breaker_begun(core_breaker(life->world.core)))
		return "starting";
	if (call != NULL)
		return call;
	if (life->intents > 0)
		return INTENT;
	if (engine_count(engine) == 0)
		return "idle";
	return engine_quiet(engine) ? "waiting" : "writing";
}

/* ---- life and death ---- */

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct life *life = arg;

	if (event->type == EVENT_TASK_SUBMITTED)
		life->intents++;
	if (event->error != NULL &&
	    strcmp(event->error->name, "Response.Held") == 0)
		life->held = true;
	json_object_object_add(life->standings, name,
	    doc_new_string(status_name(standing->status)));
}

void
death_start(struct life *life)
{
	life->start_ms = 0;
	life->intents = 0;
	life->world.gave_up = false;
	life_note(life, "daemon", "started");
	world_create(&life->world);
	life->observer = (struct engine_observer){
		.on_event = on_event,
		.arg = life,
	};
	engine_observe(core_engine(life->world.core), &life->observer);
	if (!life->calm && life_chance(life, 20))
		life->fuse = 1 + life_any(life, 60);
}

/* It is gone, for now or for a while. */
static void
bury(struct life *life)
{
	life->world.core = NULL;
	life->draining = false;
	life->fuse = 0;
	hand_forget(life);
	if (!life->calm && life_chance(life, 30))
		life->start_ms = life_now(life) +
		    LIFE_ONE_OF(life, 50, 3000, 20000, MINUTES(5));
	else
		death_start(life);
}

static void
crash(struct life *life, const char *where)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "place", where);
	doc_put_string(doc, "lost", disk_lose(life));
	life_record(life, "crash", doc);
}

static void
die(struct life *life)
{
	crash(life, place(life));
	core_abandon(life->world.core);
	bury(life);
}

/* It ends by itself, unless power is lost while it writes its last. */
static void
end(struct life *life, const char *how)
{
	life_note(life, "daemon", how);
	core_close(life->world.core);
	if (fake_disk_is_off(life->world.disk))
		crash(life, "stopping");
	bury(life);
}

void
death_arm(struct life *life)
{
	static const unsigned far[] = { 3, 12, 60, 400 };
	static const char *const aims[] = { INTENT, "deletion sent",
		"key deleted", "notification sent", "notified",
		"acknowledgement sent", "acknowledged", "look-up sent",
		"summary made", "writing", "waiting" };

	if (life->world.core == NULL || life->fuse != 0)
		return;
	if (life_chance(life, 70))
		life->aim = aims[life_any(life, sizeof aims / sizeof aims[0])];
	else
		life->fuse = 1 + life_any(life, far[life_any(life, 4)]);
}

/* There, or soon after. */
static void
take_aim(struct life *life)
{
	if (strcmp(place(life), life->aim) != 0)
		return;
	life->aim = NULL;
	life->fuse = 1 + life_any(life, 3) * life_any(life, 3);
}

void
death_step(struct life *life)
{
	if (life->world.core == NULL) {
		if (life->start_ms != 0 && life_now(life) >= life->start_ms)
			death_start(life);
		return;
	}
	if (life->aim != NULL)
		take_aim(life);
	if (life->world.gave_up) {
		end(life, "gave up");
	} else if ((life->fuse > 0 && --life->fuse == 0) ||
	    fake_disk_is_off(life->world.disk)) {
		die(life);
	}
}

void
death_stop(struct life *life)
{
	struct loop *loop = life->world.loop;
	int64_t until = clock_mono_ms(loop_clock(loop)) + STOP_MS;

	life_note(life, "daemon", "told to stop");
	life->draining = true;
	core_drain(life->world.core);
	while (
	    !core_quiet(life->world.core) && fake_loop_step_by(loop, until)) {
		death_step(life);
		if (!life->draining)
			return; /* it has died meanwhile */
	}
	if (core_quiet(life->world.core))
		end(life, "stopped");
	else
		die(life);
}

void
death_undo(struct life *life)
{
	life->fuse = 0;
	life->aim = NULL;
	if (life->world.core == NULL)
		death_start(life);
}
