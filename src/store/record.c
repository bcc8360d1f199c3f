/* SPDX-License-Identifier: Apache-2.0 */
/* One row on its way to the disk. */
#include "store/record.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static struct record *
record_new(enum record_kind kind, store_done *done, void *arg)
{
	struct record *record = xzalloc(sizeof *record);

	record->kind = kind;
	record->done = done;
	record->arg = arg;
	return record;
}

struct record *
record_event(const char *name, const struct event *event,
    const struct standing *standing)
{
	struct record *record = record_new(RECORD_EVENT, NULL, NULL);
	struct keep *keep = &record->keep;

	record->name = keep_text(keep, name);
	record->event = *event;
	record->event.state = keep_text(keep, event->state);
	record->event.resource = keep_text(keep, event->resource);
	record->event.data = keep_text(keep, event->data);
	record->event.path = keep_text(keep, event->path);
	record->event.error =
	    keep_bytes(keep, event->error, sizeof *event->error);
	record->standing = *standing;
	record->standing.state = keep_text(keep, standing->state);
	record->standing.outcome = keep_text(keep, standing->outcome);
	for (int tag = 0; tag < TAGS; tag++)
		record->standing.tags[tag] =
		    keep_text(keep, standing->tags[tag]);
	return record;
}

struct record *
record_rejected(const struct rejected *rejected, store_done *done, void *arg)
{
	struct record *record = record_new(RECORD_REJECTED, done, arg);
	struct keep *keep = &record->keep;

	record->rejected = *rejected;
	record->rejected.message_id = keep_text(keep, rejected->message_id);
	record->rejected.error = keep_text(keep, rejected->error);
	record->rejected.cause = keep_text(keep, rejected->cause);
	record->rejected.body =
	    keep_bytes(keep, rejected->body, rejected->body_len);
	return record;
}

struct record *
record_note(const char *key, const char *text, store_done *done, void *arg)
{
	struct record *record = record_new(RECORD_NOTE, done, arg);

	record->name = keep_text(&record->keep, key);
	record->text = keep_text(&record->keep, text);
	return record;
}

struct record *
record_settled(const char *name, store_done *done, void *arg)
{
	struct record *record = record_new(RECORD_SETTLED, done, arg);

	record->name = keep_text(&record->keep, name);
	return record;
}

void
record_hold(struct record *record, const struct error *why)
{
	record->fate = FATE_HELD;
	record->why = keep_bytes(&record->keep, why, sizeof *why);
}

const char *
record_data(const struct record *record)
{
	return record->event.path == NULL ? record->event.data : NULL;
}

static size_t
length(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

/* What is of another kind is empty. */
size_t
record_size(const struct record *record)
{
	return length(record_data(record)) + record->rejected.body_len +
	    length(record->text);
}

void
record_free(struct record *record)
{
	keep_done(&record->keep);
	free(record);
}
