/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names are cleaned when they are counted: whoever had the key could choose
 * many of them.
 */
#include "workflow/summary.h"

#include "util/doc.h"
#include "workflow/text.h"

#define NAME 1024 /* characters of a name that are shown */

static void
count(struct tally *tally, const char *name)
{
	FREE_LATER char *clean = text_clean(name, NAME);

	if (clean != NULL)
		tally_add(tally, clean);
}

static void
add_event(struct summary *summary, struct json_object *event)
{
	struct json_object *resources = doc_at(event, "Resources");

	summary->events++;
	count(&summary->actions, doc_string(event, "EventName"));
	for (size_t i = 0; i < doc_count(resources, ""); i++) {
		struct json_object *resource = doc_element(resources, i);

		count(&summary->names, doc_string(resource, "ResourceName"));
		count(&summary->types, doc_string(resource, "ResourceType"));
	}
}

void
summary_add(struct summary *summary, struct json_object *events, int64_t max)
{
	size_t n = doc_count(events, "");

	for (size_t i = 0; i < n && summary->events < max; i++)
		add_event(summary, doc_element(events, i));
}

static struct json_object *
top(const struct tally *tally)
{
	const struct tally_row *rows[SUMMARY_TOP];
	size_t n = tally_top(tally, rows, SUMMARY_TOP);
	struct json_object *list = doc_array();

	for (size_t i = 0; i < n; i++) {
		struct json_object *row = doc_object();

		doc_put_string(row, "Name", rows[i]->text);
		doc_put_int(row, "Count", rows[i]->count);
		doc_push(list, row);
	}
	return list;
}

struct json_object *
summary_result(const struct summary *summary)
{
	struct json_object *result = doc_object();

	doc_put_int(result, "Events", summary->events);
	doc_put(result, "Actions", top(&summary->actions));
	doc_put(result, "ResourceNames", top(&summary->names));
	doc_put(result, "ResourceTypes", top(&summary->types));
	return result;
}

void
summary_done(struct summary *summary)
{
	tally_done(&summary->actions);
	tally_done(&summary->names);
	tally_done(&summary->types);
	summary->events = 0;
}
