/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables for people, by libsmartcols: as wide as the terminal at most, and with
 * every cell cleaned.
 */
#ifndef KG_CTL_TABLE_H
#define KG_CTL_TABLE_H

struct ctl;
struct table;

enum table_flags {
	TABLE_WRAP = 1,  /* a column that may take several lines */
	TABLE_RIGHT = 2, /* of numbers */
};

/* A table of at most the terminal's width; its columns come first. If no
 * column has a heading ("") none is printed. */
struct table *table_new(const struct ctl *ctl);
void table_column(struct table *table, const char *heading, unsigned flags);

/* Begins a row; then a cell in it, from the first column on. A cell's text is
 * cleaned. */
void table_row(struct table *table);
void table_cell(struct table *table, const char *text);

/* As table_cell, taking over a string. */
void table_cell_take(struct table *table, char *text);

/* A row of a label and what is to be said; none if that is NULL or "". The
 * second takes over the text. */
void table_line(struct table *table, const char *label, const char *text);
void table_line_take(struct table *table, const char *label, char *text);

/* Prints and frees. */
void table_end(struct table *table);

#endif
