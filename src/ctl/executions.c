/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executions for people. The name must be whole, since it is what `show` takes;
 * so a narrow terminal gets an age in place of a date, and no user.
 */
#include "ctl/executions.h"

#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/table.h"
#include "util/doc.h"

enum { WIDE = 105 }; /* columns that a name, a date and a user need */

/* Where another one contained the key, nobody has to look for it. */
static const char *
outcome(struct json_object *row)
{
	return doc_string(row, "containedBy") != NULL
	    ? "dead by now"
	    : doc_string(row, "outcome");
}

void
executions_print(const struct ctl *ctl, struct json_object *executions)
{
	struct table *table = table_new(ctl);
	bool wide = ctl->width == 0 || ctl->width >= WIDE;
	size_t count = doc_count(executions, "");

	table_column(table, wide ? "STARTED" : "AGE", 0);
	table_column(table, "STATUS", 0);
	table_column(table, "OUTCOME", 0);
	table_column(table, "NAME", 0);
	if (wide)
		table_column(table, "USER", TABLE_WRAP);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = doc_element(executions, i);
		const char *start = doc_string(row, "startDate");

		table_row(table);
		table_cell_take(
		    table, wide ? print_time(start) : print_age(start));
		table_cell(table, doc_string(row, "status"));
		table_cell(table, outcome(row));
		table_cell(table, doc_string(row, "name"));
		if (wide)
			table_cell(table, doc_string(row, "userName"));
	}
	table_end(table);
}

static bool
is(struct json_object *row, const char *member, const char *value)
{
	const char *text = doc_string(row, member);

	return text != NULL && strcmp(text, value) == 0;
}

bool
executions_good(struct json_object *executions)
{
	size_t count = doc_count(executions, "");

	for (size_t i = 0; i < count; i++) {
		struct json_object *row = doc_element(executions, i);

		if (!is(row, "status", "SUCCEEDED") ||
		    !is(row, "outcome", "contained"))
			return false;
	}
	return count > 0;
}
