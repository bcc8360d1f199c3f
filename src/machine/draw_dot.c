/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table as a graph for graphviz: a box for each state with what it does and
 * who retries it, solid arrows for success, dashed ones for what is caught.
 */
#include "machine/draw.h"

#include "machine/draw_words.h"
#include "util/buf.h"
#include "util/cleanup.h"

static const char head[] =
    "\trankdir = TB;\n"
    "\tnode [shape = box, style = rounded, fontname = \"Helvetica\",\n"
    "\t    fontsize = 11, margin = \"0.2,0.1\"];\n"
    "\tedge [fontname = \"Helvetica\", fontsize = 10];\n"
    "\tstart [shape = circle, style = filled, fillcolor = black,\n"
    "\t    label = \"\", width = 0.2];\n"
    "\tdone [shape = doublecircle, style = filled, fillcolor = black,\n"
    "\t    label = \"\", width = 0.15];\n";

/* As HTML-like labels have it. */
static void
add_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		default:
			buf_add(out, text, 1);
		}
}

/* A line of a label, from the left (NULL: none); frees the text. */
static void
add_line(struct buf *out, char *text)
{
	FREE_LATER char *owned = text;

	if (owned == NULL)
		return;
	add_escaped(out, owned);
	buf_puts(out, "<br align=\"left\"/>");
}

static void
draw_node(const struct machine *machine, int i, struct buf *out)
{
	const struct state *state = &machine->states[i];
	const struct retrier *retry = state->retry;

	buf_printf(out, "\ts%d [label = <<b>", i);
	add_escaped(out, state->name);
	buf_puts(out, "</b><br/>");
	add_line(out, draw_words_task(state));
	add_line(out, draw_words_held(state));
	for (; retry != NULL && retry->error_equals[0] != NULL; retry++)
		add_line(out, draw_words_retrier(retry));
	buf_puts(out, ">];\n");
}

static void
draw_edge(struct buf *out, int from, int to, const char *style, char *text)
{
	buf_printf(out, "\ts%d -> ", from);
	if (to == STATE_END)
		buf_puts(out, "done");
	else
		buf_printf(out, "s%d", to);
	buf_printf(out, " [style = %s, label = <", style);
	add_line(out, text);
	buf_puts(out, ">];\n");
}

static void
draw_edges(const struct machine *machine, int i, struct buf *out)
{
	const struct state *state = &machine->states[i];
	const struct catcher *catch = state->catch;

	draw_edge(out, i, state->next, "solid", draw_words_success(state));
	for (; catch != NULL && catch->error_equals[0] != NULL; catch ++)
		draw_edge(
		    out, i, catch->next, "dashed", draw_words_catcher(catch));
}

static void
draw_title(const struct machine *machine, struct buf *out)
{
	FREE_LATER char *redrive = draw_words_redrive(machine);

	buf_puts(out,
	    "\tlabelloc = t;\n\tfontname = \"Helvetica\";\n"
	    "\tlabel = <<b>");
	add_escaped(out, machine->name);
	buf_puts(out, "</b><br/>");
	add_escaped(out, machine->comment != NULL ? machine->comment : "");
	if (redrive != NULL) {
		buf_puts(out, "<br/>");
		add_escaped(out, redrive);
	}
	buf_puts(out, ">;\n");
}

void
draw_dot(const struct machine *machine, struct buf *out)
{
	buf_puts(out, "digraph machine {\n");
	draw_title(machine, out);
	buf_puts(out, head);
	for (int i = 0; i < machine->count; i++)
		draw_node(machine, i, out);
	buf_printf(out, "\tstart -> s%d;\n", machine->start_at);
	for (int i = 0; i < machine->count; i++)
		draw_edges(machine, i, out);
	buf_puts(out, "}\n");
}
