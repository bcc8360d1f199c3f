/* SPDX-License-Identifier: Apache-2.0 */
/* When it is alarming, and when no more. */
#include "daemon/alarm.h"

#include <stdlib.h>

#include "daemon/voice_text.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/health.h"
#include "util/log.h"
#include "util/message_id.h"
#include "util/stamp.h"

#define CALM_MS  MINUTES(1)  /* before it is over; no longer than it took */
#define START_MS SECONDS(10) /* the least in which to see that it works */

static int64_t
now(const struct alarm *alarm)
{
	return clock_wall_ms(loop_clock(alarm->due.loop));
}

static void
raise_it(struct alarm *alarm)
{
	FREE_LATER char *why = voice_text_why(alarm->health);
	char since[STAMP_RFC3339];

	stamp_rfc3339(alarm->since_wall_ms, since);
	log_with(LEVEL_ERROR, LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_ALARM }),
	    "keyguard has not been able to do its work since %s: %s", since,
	    why);
	loop_timer_clear(&alarm->due);
	alarm->raised = true;
}

static void
end_it(struct alarm *alarm)
{
	char since[STAMP_RFC3339];

	stamp_rfc3339(alarm->since_wall_ms, since);
	log_with(LEVEL_NOTICE,
	    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_ALARM_OVER }),
	    "keyguard does its work again; it had not been able to since %s",
	    since);
	alarm->raised = false;
}

static void
on_due(void *arg)
{
	struct alarm *alarm = arg;

	if (alarm->state == ALARM_WELL)
		end_it(alarm);
	else
		raise_it(alarm);
	alarm->on_change(alarm->arg);
}

/* It does not work since then, which the clock may not have reached again. */
static void
run(struct alarm *alarm, int64_t since_wall_ms)
{
	int64_t had_ms = now(alarm) - since_wall_ms;
	int64_t left_ms = alarm->after_ms - (had_ms > 0 ? had_ms : 0);

	alarm->since_wall_ms = since_wall_ms;
	loop_timer_set(&alarm->due, left_ms > 0 ? left_ms : 0);
}

static void
go_ill(struct alarm *alarm)
{
	enum alarm_state before = alarm->state;

	alarm->state = ALARM_ILL;
	if (alarm->raised)
		loop_timer_clear(&alarm->due); /* not over after all */
	else
		run(alarm,
		    before == ALARM_WELL ? now(alarm) : alarm->since_wall_ms);
}

static void
go_well(struct alarm *alarm)
{
	alarm->state = ALARM_WELL;
	alarm->until_wall_ms = now(alarm);
	if (alarm->raised)
		loop_timer_set(&alarm->due,
		    alarm->after_ms < CALM_MS ? alarm->after_ms : CALM_MS);
	else
		loop_timer_clear(&alarm->due);
}

static enum alarm_state
look(const struct health *health)
{
	enum alarm_state state = ALARM_WELL;

	for (enum health_reason i = 0; i < HEALTH_REASONS; i++) {
		if (!voice_needs(i))
			continue;
		if (health->reason[i].bad)
			return ALARM_ILL;
		if (!health->reason[i].known)
			state = ALARM_UNSEEN;
	}
	return state;
}

void
alarm_hear(struct alarm *alarm)
{
	enum alarm_state state = look(alarm->health);

	if (state == alarm->state || state == ALARM_UNSEEN)
		return;
	(state == ALARM_ILL ? go_ill : go_well)(alarm);
	alarm->on_change(alarm->arg);
}

void
alarm_recall(struct alarm *alarm, int64_t since_wall_ms, bool raised)
{
	if (alarm->state == ALARM_WELL || alarm->raised)
		return;
	alarm->since_wall_ms = since_wall_ms;
	alarm->raised = raised;
	if (raised)
		loop_timer_clear(&alarm->due);
	else if (alarm->state == ALARM_ILL)
		run(alarm, since_wall_ms);
}

void
alarm_hurry(struct alarm *alarm)
{
	if (alarm->raised || alarm->state == ALARM_WELL ||
	    now(alarm) - alarm->since_wall_ms < alarm->after_ms)
		return;
	raise_it(alarm);
	alarm->on_change(alarm->arg);
}

void
alarm_init(struct alarm *alarm, struct loop *loop, const struct health *health,
    int64_t after_ms, void (*on_change)(void *arg), void *arg)
{
	*alarm = (struct alarm){
		.health = health,
		.after_ms = after_ms,
		.on_change = on_change,
		.arg = arg,
	};
	loop_timer_init(&alarm->due, loop, on_due, alarm);
	loop_timer_set(&alarm->due, after_ms > START_MS ? after_ms : START_MS);
	alarm->since_wall_ms = now(alarm);
}

void
alarm_done(struct alarm *alarm)
{
	loop_timer_done(&alarm->due);
}
