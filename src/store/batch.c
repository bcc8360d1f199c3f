/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes the next transaction. Each row is in up to three lists: of all,
 * of the intents, and of its execution (its line).
 */
#include "store/batch.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct line {
	const char *name;
	struct records records;
	char text[]; /* what name points to */
};

/* ---- lines ---- */

static int
by_name(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static struct line *
line_find(const struct backlog *backlog, const char *name)
{
	struct line key = { .name = name };
	struct line **found = tfind(&key, &backlog->lines, by_name);

	return found == NULL ? NULL : *found;
}

static struct line *
line_get(struct backlog *backlog, const char *name)
{
	struct line *line = line_find(backlog, name);
	size_t size = strlen(name) + 1;

	if (line != NULL)
		return line;
	line = xzalloc(sizeof *line + size);
	line->name = memcpy(line->text, name, size);
	TAILQ_INIT(&line->records);
	xtsearch(line, &backlog->lines, by_name);
	return line;
}

static void
line_free(struct backlog *backlog, struct line *line)
{
	tdelete(line, &backlog->lines, by_name);
	free(line);
}

/* ---- the backlog ---- */

static bool
is_intent(const struct record *record)
{
	return record->kind == RECORD_EVENT &&
	    record->event.type == EVENT_TASK_SUBMITTED;
}

static bool
is_pressing(const struct record *record)
{
	return record->kind != RECORD_EVENT ||
	    record->event.type != EVENT_TASK_STARTED;
}

void
batch_init(struct backlog *backlog)
{
	*backlog = (struct backlog){ .limit = BATCH_ROWS };
	TAILQ_INIT(&backlog->all);
	TAILQ_INIT(&backlog->intents);
}

void
batch_add(struct backlog *backlog, struct record *record)
{
	TAILQ_INSERT_TAIL(&backlog->all, record, among_all);
	if (is_intent(record))
		TAILQ_INSERT_TAIL(&backlog->intents, record, among_intents);
	if (is_pressing(record))
		backlog->pressing++;
	if (record->kind != RECORD_EVENT)
		return;
	record->line = line_get(backlog, record->name);
	TAILQ_INSERT_TAIL(&record->line->records, record, in_line);
}

static void
leave(struct backlog *backlog, struct record *record)
{
	TAILQ_REMOVE(&backlog->all, record, among_all);
	if (is_intent(record))
		TAILQ_REMOVE(&backlog->intents, record, among_intents);
	if (is_pressing(record))
		backlog->pressing--;
	if (record->line == NULL)
		return;
	TAILQ_REMOVE(&record->line->records, record, in_line);
	if (TAILQ_EMPTY(&record->line->records))
		line_free(backlog, record->line);
	record->line = NULL;
}

void
batch_done(struct backlog *backlog)
{
	struct record *record;

	while ((record = TAILQ_FIRST(&backlog->all)) != NULL) {
		leave(backlog, record);
		record_free(record);
	}
}

bool
batch_empty(const struct backlog *backlog)
{
	return TAILQ_EMPTY(&backlog->all);
}

bool
batch_due(const struct backlog *backlog)
{
	return backlog->pressing > 0;
}

void
batch_drop(struct backlog *backlog, const char *name)
{
	const struct line *line;

	while ((line = line_find(backlog, name)) != NULL) {
		struct record *record = TAILQ_FIRST(&line->records);

		leave(backlog, record);
		record_free(record);
	}
}

/* ---- choosing ---- */

struct choice {
	struct batch *batch;
	size_t limit;
	size_t bytes;
	bool full;
};

static void
choose(struct choice *choice, struct record *record)
{
	struct batch *batch = choice->batch;
	size_t bytes = choice->bytes + record_size(record);

	if (record->chosen || choice->full)
		return;
	if (batch->count == choice->limit ||
	    (batch->count > 0 && bytes > BATCH_BYTES)) {
		choice->full = true;
		return;
	}
	record->chosen = true;
	choice->bytes = bytes;
	batch->records[batch->count++] = record;
}

/* Chooses an intent and what waits before it in its line. */
static void
choose_up_to(struct choice *choice, struct record *intent)
{
	struct record *record = TAILQ_FIRST(&intent->line->records);

	for (; record != intent; record = TAILQ_NEXT(record, in_line))
		choose(choice, record);
	choose(choice, intent);
}

void
batch_choose(struct backlog *backlog, struct batch *batch)
{
	struct choice choice = { .batch = batch, .limit = backlog->limit };
	struct record *record;

	batch->count = 0;
	record = TAILQ_FIRST(&backlog->intents);
	for (; record && !choice.full;
	     record = TAILQ_NEXT(record, among_intents))
		choose_up_to(&choice, record);
	record = TAILQ_FIRST(&backlog->all);
	for (; record && !choice.full; record = TAILQ_NEXT(record, among_all))
		choose(&choice, record);
}

void
batch_failed(struct backlog *backlog, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		batch->records[i]->chosen = false;
	backlog->limit = batch->count > 1 ? batch->count / 2 : 1;
}

void
batch_committed(struct backlog *backlog, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		leave(backlog, batch->records[i]);
	backlog->limit *= 2;
	if (backlog->limit > BATCH_ROWS)
		backlog->limit = BATCH_ROWS;
}
