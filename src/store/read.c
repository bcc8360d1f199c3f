/* SPDX-License-Identifier: Apache-2.0 */
/* What can be read from the store: questions to the reader, and its answers
 * to whom they are for. */
#include "store/read.h"

#include "store/inside.h"
#include "store/reader.h"

static void
deliver_listed(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.listed(read->arg, answer->executions, answer->execution_count,
	    answer->next, reader_error(read));
}

struct store_read *
store_list(struct store *store, const struct store_query *query,
    store_listed *done, void *arg)
{
	struct question question = { .page = *query };
	struct store_read *read =
	    reader_ask(store->reader, reads_list, &question, deliver_listed);

	read->to.listed = done;
	read->arg = arg;
	return read;
}

static void
deliver_shown(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.shown(read->arg,
	    answer->execution_count == 0 ? NULL : answer->executions,
	    answer->events, answer->event_count, reader_error(read));
}

struct store_read *
store_show(struct store *store, const char *name, store_shown *done, void *arg)
{
	struct question question = { .name = name };
	struct store_read *read =
	    reader_ask(store->reader, reads_show, &question, deliver_shown);

	read->to.shown = done;
	read->arg = arg;
	return read;
}

static void
deliver_rejected(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.rejected(read->arg, answer->rejected, answer->rejected_count,
	    reader_error(read));
}

struct store_read *
store_rejected(struct store *store, int64_t before, size_t limit,
    store_rejected_listed *done, void *arg)
{
	struct question question = { .before = before, .limit = limit };
	struct store_read *read = reader_ask(
	    store->reader, reads_rejected, &question, deliver_rejected);

	read->to.rejected = done;
	read->arg = arg;
	return read;
}

static void
deliver_found(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.found(read->arg,
	    answer->execution_count == 0 ? NULL : answer->executions,
	    reader_error(read));
}

struct store_read *
store_contained(
    struct store *store, const char *key_id, store_found *done, void *arg)
{
	struct question question = { .key_id = key_id };
	struct store_read *read = reader_ask(
	    store->reader, reads_contained, &question, deliver_found);

	read->to.found = done;
	read->arg = arg;
	return read;
}

static void
deliver_due(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.due(read->arg, answer->executions, answer->execution_count,
	    reader_error(read));
}

struct store_read *
store_due(struct store *store, enum status status, size_t limit,
    store_due_listed *done, void *arg)
{
	struct question question = { .page = { .status = status },
		.limit = limit };
	struct store_read *read =
	    reader_ask(store->reader, reads_due, &question, deliver_due);

	read->to.due = done;
	read->arg = arg;
	return read;
}

static void
deliver_notes(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.notes(
	    read->arg, answer->notes, answer->note_count, reader_error(read));
}

struct store_read *
store_notes(struct store *store, store_notes_listed *done, void *arg)
{
	struct question question = { 0 };
	struct store_read *read =
	    reader_ask(store->reader, reads_notes, &question, deliver_notes);

	read->to.notes = done;
	read->arg = arg;
	return read;
}

static void
deliver_intents(struct store_read *read)
{
	const struct answer *answer = &read->answer;

	read->to.intents(read->arg, answer->intents, answer->intent_count,
	    reader_error(read));
}

struct store_read *
store_intents(struct store *store, int64_t since_wall_ms,
    store_intents_listed *done, void *arg)
{
	struct question question = { .since_ms = since_wall_ms };
	struct store_read *read = reader_ask(
	    store->reader, reads_intents, &question, deliver_intents);

	read->to.intents = done;
	read->arg = arg;
	return read;
}

static void
deliver_counted(struct store_read *read)
{
	read->to.counted(read->arg, read->ok ? &read->answer.totals : NULL,
	    reader_error(read));
}

struct store_read *
store_count(struct store *store, store_counted *done, void *arg)
{
	struct question question = { 0 };
	struct store_read *read =
	    reader_ask(store->reader, reads_count, &question, deliver_counted);

	read->to.counted = done;
	read->arg = arg;
	return read;
}
