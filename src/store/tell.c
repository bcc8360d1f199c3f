/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a row, told to whom it concerns. */
#include "store/tell.h"

#include "store/batch.h"
#include "store/record.h"

static void
tell_event(const struct record *record, const struct journal_listener *to,
    struct backlog *backlog)
{
	switch (record->fate) {
	case FATE_WRITTEN:
		to->on_durable(
		    to->arg, record->name, &record->event, &record->standing);
		break;
	case FATE_EXISTS:
		batch_drop(backlog, record->name);
		to->on_exists(to->arg, record->name, record->exists);
		break;
	case FATE_HELD:
		batch_drop(backlog, record->name);
		to->on_held(to->arg, record->name, record->why);
		break;
	case FATE_DROPPED:
		break;
	}
}

void
tell_record(const struct record *record, const struct journal_listener *to,
    struct backlog *backlog)
{
	if (record->kind == RECORD_EVENT)
		tell_event(record, to, backlog);
	else if (record->done != NULL)
		record->done(record->arg, record->why);
}
