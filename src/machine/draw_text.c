/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table as a drawing for a terminal of 80 columns, to be read from the top:
 * one state below the other, rails on the left for the ways that do not lead
 * straight on.
 *
 *	      First
 *	      |   task:one, within 15 s
 *	  +---|-- catch States.ALL: error in $.error
 *	  |   v
 *	  |   Second
 *	  |   ...
 *	  +-> Third
 */
#include "machine/draw.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "machine/draw_words.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define COLUMNS 80
#define NO_RAIL (-1)

/* One line of the drawing, without its rails. */
struct line {
	char *text;
	int rail;     /* that ends or begins here; NO_RAIL */
	bool arrives; /* it ends */
};

/* A way to a state that is not, or not only, the one straight down. */
struct rail {
	int column;         /* 0: there is none */
	size_t first, last; /* the lines that it joins */
};

struct drawing {
	const struct machine *machine;
	int *order;         /* the states from top to bottom */
	struct rail *rails; /* by state that they lead to */
	int rail_count;
	struct line *lines;
	size_t line_count;
};

/* The way of success first, then what only catchers lead to. */
static int *
order_of(const struct machine *machine)
{
	int *order = xcalloc((size_t)machine->count, sizeof *order);
	FREE_LATER bool *placed = xcalloc((size_t)machine->count, 1);
	int count = 0;

	for (int i = machine->start_at; i != STATE_END && !placed[i];
	     i = machine->states[i].next) {
		placed[i] = true;
		order[count++] = i;
	}
	for (int i = 0; i < machine->count; i++)
		if (!placed[i])
			order[count++] = i;
	return order;
}

/* Where a state stands straight above: a state, or STATE_END at the bottom. */
static int
below(const struct drawing *drawing, int row)
{
	return row + 1 < drawing->machine->count ? drawing->order[row + 1]
						 : STATE_END;
}

static void
lay(struct drawing *drawing, int to)
{
	struct rail *rail = &drawing->rails[to];

	if (rail->column > 0)
		return;
	rail->column = 2 + 2 * drawing->rail_count++;
	rail->first = SIZE_MAX;
}

static void
lay_rails(struct drawing *drawing)
{
	for (int row = 0; row < drawing->machine->count; row++) {
		const struct state *state =
		    &drawing->machine->states[drawing->order[row]];
		const struct catcher *catch = state->catch;

		for (; catch != NULL && catch->error_equals[0] != NULL;
		     catch ++)
			lay(drawing, catch->next);
		if (state->next != STATE_END &&
		    state->next != below(drawing, row))
			lay(drawing, state->next);
	}
}

/* The column in which the states stand. */
static int
margin(const struct drawing *drawing)
{
	return 4 + 2 * drawing->rail_count;
}

static void
add_line(struct drawing *drawing, int rail, bool arrives, char *text)
{
	size_t at = drawing->line_count++;

	drawing->lines = xreallocarray(
	    drawing->lines, drawing->line_count, sizeof *drawing->lines);
	drawing->lines[at] = (struct line){ text, rail, arrives };
	if (rail == NO_RAIL)
		return;
	if (at < drawing->rails[rail].first)
		drawing->rails[rail].first = at;
	drawing->rails[rail].last = at;
}

/* How much of a text fits: up to the last space before `room` is full. */
static size_t
fitting(const char *text, size_t room)
{
	size_t len = strlen(text);

	if (len <= room)
		return len;
	for (len = room; len > 0 && text[len] != ' '; len--)
		;
	return len > 0 ? len : room;
}

/* Adds a text behind a mark, on as many lines as it needs (NULL: none); frees
 * it. */
static void
add(struct drawing *drawing, int rail, bool arrives, const char *mark,
    char *text)
{
	const char *rest = text;

	if (text == NULL)
		return;
	do {
		int room = COLUMNS - margin(drawing) - (int)strlen(mark);
		size_t len = fitting(rest, room > 0 ? (size_t)room : 1);

		add_line(drawing, rail, arrives,
		    xasprintf("%s%.*s", mark, (int)len, rest));
		rest += len + (rest[len] == ' ');
		mark = "|     ";
		rail = NO_RAIL;
	} while (*rest != '\0');
	free(text);
}

/* The way on by success: straight down, by a rail, or to the end. */
static void
add_success(struct drawing *drawing, int row, const struct state *state)
{
	char *words = draw_words_success(state);

	if (state->next == below(drawing, row)) {
		add(drawing, NO_RAIL, false, "|   ", words);
		add(drawing, NO_RAIL, false, "v", xstrdup(""));
	} else if (state->next == STATE_END) {
		add(drawing, NO_RAIL, false, "+-> (done) ", words);
	} else {
		add(drawing, state->next, false, "+-- ", words);
	}
	if (state->next != below(drawing, row))
		add(drawing, NO_RAIL, false, "", xstrdup(""));
}

static void
add_state(struct drawing *drawing, int row)
{
	int index = drawing->order[row];
	const struct state *state = &drawing->machine->states[index];
	const struct retrier *retry = state->retry;
	const struct catcher *catch = state->catch;

	add(drawing, drawing->rails[index].column > 0 ? index : NO_RAIL, true,
	    "", xstrdup(state->name));
	add(drawing, NO_RAIL, false, "|   ", draw_words_task(state));
	add(drawing, NO_RAIL, false, "|   ", draw_words_held(state));
	for (; retry != NULL && retry->error_equals[0] != NULL; retry++)
		add(drawing, NO_RAIL, false, "|   ", draw_words_retrier(retry));
	for (; catch != NULL && catch->error_equals[0] != NULL; catch ++)
		add(drawing, catch->next, false, "|-- ",
		    draw_words_catcher(catch));
	add_success(drawing, row, state);
}

/* Whether a rail passes a line in a column. */
static bool
passes(const struct drawing *drawing, size_t at, int column)
{
	for (int i = 0; i < drawing->machine->count; i++) {
		const struct rail *rail = &drawing->rails[i];

		if (rail->column > 0 && rail->column == column &&
		    rail->first <= at && at <= rail->last)
			return true;
	}
	return false;
}

/* What stands in a column left of the states. */
static char
rail_at(const struct drawing *drawing, size_t at, int column)
{
	const struct line *line = &drawing->lines[at];
	int from =
	    line->rail == NO_RAIL ? COLUMNS : drawing->rails[line->rail].column;
	int to = margin(drawing) - (line->arrives ? 2 : 0);

	if (column == from)
		return '+';
	if (passes(drawing, at, column))
		return '|';
	if (column < from || column > to)
		return ' ';
	return column == to ? '>' : '-';
}

static void
print_line(const struct drawing *drawing, size_t at, struct buf *out)
{
	const char *text = drawing->lines[at].text;
	size_t left = (size_t)margin(drawing);
	size_t len = left + strlen(text);
	FREE_LATER char *row = xzalloc(len + 1);

	for (size_t column = 0; column < left; column++)
		row[column] = rail_at(drawing, at, (int)column);
	memcpy(row + left, text, strlen(text));
	while (len > 0 && row[len - 1] == ' ')
		len--;
	buf_printf(out, "%.*s\n", (int)len, row);
}

/* On as many lines as it needs; NULL needs none. */
static void
print_sentence(const char *text, struct buf *out)
{
	while (text != NULL && *text != '\0') {
		size_t len = fitting(text, COLUMNS);

		buf_printf(out, "%.*s\n", (int)len, text);
		text += len + (text[len] == ' ');
	}
}

void
draw_text(const struct machine *machine, struct buf *out)
{
	FREE_LATER int *order = order_of(machine);
	FREE_LATER struct rail *rails =
	    xcalloc((size_t)machine->count, sizeof *rails);
	struct drawing drawing = {
		.machine = machine,
		.order = order,
		.rails = rails,
	};
	const struct state *last = &machine->states[order[machine->count - 1]];
	FREE_LATER char *redrive = draw_words_redrive(machine);

	lay_rails(&drawing);
	for (int row = 0; row < machine->count; row++)
		add_state(&drawing, row);
	if (last->next == STATE_END)
		add(&drawing, NO_RAIL, false, "", xstrdup("(done)"));
	buf_printf(out, "%s\n", machine->name);
	print_sentence(machine->comment, out);
	buf_puts(out, "\n");
	for (size_t at = 0; at < drawing.line_count; at++)
		print_line(&drawing, at, out);
	for (size_t at = 0; at < drawing.line_count; at++)
		free(drawing.lines[at].text);
	free(drawing.lines);
	if (redrive != NULL)
		buf_puts(out, "\n");
	print_sentence(redrive, out);
}
