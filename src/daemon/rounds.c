/* SPDX-License-Identifier: Apache-2.0 */
/* The rounds. */
#include "daemon/rounds.h"

#include <inttypes.h>

#include "intake/intake.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/message_id.h"
#include "util/stamp.h"

#define PAUSE_MS MINUTES(15)

/* Once, until it could be counted again. */
static void
tell_uncounted(struct rounds *rounds, const struct error *error)
{
	if (!rounds->uncounted)
		log_with(LEVEL_WARNING,
		    LOG_FIELDS({ "KEYGUARD_ERROR", error->name }),
		    "dead letters: their queue cannot be counted: %s: %s",
		    error->name, error->cause);
	rounds->uncounted = true;
}

static void
on_counted(void *arg)
{
	struct rounds *rounds = arg;
	struct intake_status status;

	intake_status(rounds->intake, &status);
	if (status.uncounted != NULL)
		tell_uncounted(rounds, status.uncounted);
	if (status.dead_letters < 0)
		return;
	if (status.dead_letters > rounds->dead_letters)
		log_with(LEVEL_WARNING,
		    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_DEAD_LETTERS }),
		    "dead letters: %" PRId64 " in their queue (%" PRId64
		    " when last counted): events that nobody has handled",
		    status.dead_letters, rounds->dead_letters);
	rounds->dead_letters = status.dead_letters;
	rounds->uncounted = false;
}

/* Should the store fail to write the time, whoever watches it hears so. */
static void
make_round(void *arg)
{
	struct rounds *rounds = arg;
	char stamp[STAMP_RFC3339];

	stamp_rfc3339(clock_wall_ms(loop_clock(rounds->timer.loop)), stamp);
	store_note(rounds->store, "round", stamp, NULL, NULL);
	if (!rounds->asker.waits)
		intake_ask(rounds->intake, &rounds->asker);
	loop_timer_set(&rounds->timer, PAUSE_MS);
}

void
rounds_init(struct rounds *rounds, struct loop *loop, struct intake *intake,
    struct store *store)
{
	*rounds = (struct rounds){
		.intake = intake,
		.store = store,
		.asker = { .told = on_counted, .arg = rounds },
	};
	loop_timer_init(&rounds->timer, loop, make_round, rounds);
}

void
rounds_begin(struct rounds *rounds)
{
	make_round(rounds);
}

void
rounds_stop(struct rounds *rounds)
{
	loop_timer_clear(&rounds->timer);
}

void
rounds_done(struct rounds *rounds)
{
	census_unask(&rounds->asker);
	loop_timer_done(&rounds->timer);
}
