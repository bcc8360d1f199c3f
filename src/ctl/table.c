/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables by libsmartcols, which fails only when memory does. It would break
 * long cells anywhere, so when it has found how wide each column can be, they
 * are broken between words before they are printed.
 */
#include "ctl/table.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include <libsmartcols/libsmartcols.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/wrap.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct table {
	struct libscols_table *table;
	struct libscols_line *line; /* the row that is being filled */
	size_t cell;                /* its next column */
};

struct table *
table_new(const struct ctl *ctl)
{
	struct table *table = xzalloc(sizeof *table);

	table->table = scols_new_table();
	assert(table->table != NULL);
	scols_table_set_stream(table->table, ctl->out);
	scols_table_set_column_separator(table->table, "  ");
	scols_table_enable_noheadings(table->table, 1);
	scols_table_set_termforce(table->table,
	    ctl->width > 0 ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (ctl->width > 0)
		scols_table_set_termwidth(table->table, (size_t)ctl->width);
	return table;
}

void
table_column(struct table *table, const char *heading, unsigned flags)
{
	int how = (flags & TABLE_WRAP ? SCOLS_FL_WRAP : 0) |
	    (flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0);

	if (*heading != '\0')
		scols_table_enable_noheadings(table->table, 0);
	if (scols_table_new_column(table->table, heading, 0, how) == NULL)
		abort();
}

void
table_row(struct table *table)
{
	table->line = scols_table_new_line(table->table, NULL);
	table->cell = 0;
	assert(table->line != NULL);
}

void
table_cell(struct table *table, const char *text)
{
	FREE_LATER char *clean = print_clean(text);

	if (scols_line_set_data(table->line, table->cell++, clean) != 0)
		abort();
}

void
table_cell_take(struct table *table, char *text)
{
	table_cell(table, text);
	free(text);
}

void
table_line(struct table *table, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	table_row(table);
	table_cell(table, label);
	table_cell(table, text);
}

void
table_line_take(struct table *table, const char *label, char *text)
{
	table_line(table, label, text);
	free(text);
}

/* Breaks the cells of a column that is narrower than they are. */
static void
wrap_column(struct libscols_table *table, struct libscols_column *column)
{
	size_t width = scols_column_get_width(column);

	for (size_t i = 0; i < scols_table_get_nlines(table); i++) {
		struct libscols_line *line = scols_table_get_line(table, i);
		const char *text = scols_cell_get_data(
		    scols_line_get_column_cell(line, column));
		FREE_LATER char *lines = wrap(text, width);

		if (scols_line_set_column_data(line, column, lines) != 0)
			abort();
	}
	scols_column_set_safechars(column, "\n");
	scols_column_set_wrapfunc(
	    column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

void
table_end(struct table *table)
{
	FREE_LATER char *rehearsal = NULL;

	if (scols_print_table_to_string(table->table, &rehearsal) != 0)
		abort();
	for (size_t i = 0; i < scols_table_get_ncols(table->table); i++) {
		struct libscols_column *column =
		    scols_table_get_column(table->table, i);

		if (scols_column_is_wrap(column))
			wrap_column(table->table, column);
	}
	scols_print_table(table->table);
	scols_unref_table(table->table);
	free(table);
}
