/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws from the top, visit by visit, in six columns left of all text: a rail
 * for the ways that do not lead straight down, and the state's own line, which
 * says by its sign what happened there.
 */
#include "ctl/picture.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl/ctl.h"
#include "ctl/moments.h"
#include "ctl/path.h"
#include "ctl/print.h"
#include "ctl/story.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

enum { GAP = 2 }; /* columns between a name and a time */

struct picture {
	FILE *out;
	const struct path *path;
	const char *status;
	struct moments moments;
	const char **states; /* of the table, from the top */
	int count;
	int column; /* where times stand, right of all names */
};

/* ---- the table ---- */

/* Which of the table's states it is; -1 for none. */
static int
place(const struct picture *picture, const char *state)
{
	for (int i = 0; i < picture->count; i++)
		if (strcmp(picture->states[i], state) == 0)
			return i;
	return -1;
}

static bool
entered(const struct picture *picture, const char *state)
{
	for (size_t i = 0; i < picture->path->count; i++)
		if (strcmp(picture->path->visit[i].state, state) == 0)
			return true;
	return false;
}

/* What was never entered of the states between two places: each below a line
 * that leads to it, and in a word why. */
static void
pass_over(const struct picture *picture, int after, int before, const char *way,
    const char *left, const char *why)
{
	for (int i = after + 1; i < before; i++) {
		assert(picture->states != NULL);
		FREE_LATER char *name = print_clean(picture->states[i]);

		if (entered(picture, picture->states[i]))
			continue;
		fprintf(picture->out, "%s\n%s%-*s%s\n", way, left,
		    picture->column, name, why);
	}
}

/* ---- states and the ways between them ---- */

/* "08:27:57.124, took 928 ms, 2 tries" */
static char *
times_of(const struct picture *picture, const struct visit *visit)
{
	FREE_LATER char *since =
	    print_clock(visit->entered, picture->moments.day);
	FREE_LATER char *took = visit->left == NULL
	    ? print_age(visit->entered)
	    : print_duration(visit->entered, visit->left);
	FREE_LATER char *tries =
	    visit->tries > 1 ? xasprintf(", %d tries", visit->tries) : NULL;

	return xasprintf("%s, %s %s%s", since,
	    visit->left == NULL ? "for" : "took", took,
	    tries == NULL ? "" : tries);
}

static void
draw_state(
    const struct picture *picture, const struct visit *visit, const char *arrow)
{
	FREE_LATER char *name = print_clean(visit->state);
	FREE_LATER char *times = times_of(picture, visit);
	size_t used = strlen(arrow) + (size_t)picture->column;

	if (strlen(times) <= moments_room(&picture->moments, used)) {
		fprintf(picture->out, "%s%-*s%s\n", arrow, picture->column,
		    name, times);
		return;
	}
	fprintf(picture->out, "%s%s\n", arrow, name);
	moments_say(&picture->moments, '|', times);
}

/* From one state straight down to the next, or aside and past others. Returns
 * how that arrives. */
static const char *
draw_way(const struct picture *picture, const struct visit *from,
    const struct visit *to)
{
	int at = place(picture, from->state), next = place(picture, to->state);
	const char *error = doc_string(story_details(from->failure), "error");
	FREE_LATER char *caught = print_clean(error);

	if (from->succeeded && (at < 0 || next < 0 || next == at + 1)) {
		fputs("    |\n    v\n", picture->out);
		return "    ";
	}
	if (from->succeeded)
		fputs("+---+\n", picture->out);
	else
		fprintf(picture->out, "+---+ caught %s\n", caught);
	if (at >= 0)
		pass_over(picture, at, next, "|", "|   ", "not entered");
	fputs("|\n", picture->out);
	return "+-> ";
}

static bool
has(const struct picture *picture, const char *status)
{
	return picture->status != NULL && strcmp(picture->status, status) == 0;
}

/* Below the last state that was entered. */
static void
draw_end(const struct picture *picture, const char *due)
{
	const struct path *path = picture->path;
	int last = path->count == 0
	    ? -1
	    : place(picture, path->visit[path->count - 1].state);

	if (has(picture, "SUCCEEDED")) {
		fputs("    |\n    v\n    (done)\n", picture->out);
		return;
	}
	if (has(picture, "RUNNING"))
		moments_go_on(&picture->moments, due);
	if (last >= 0 || path->count == 0)
		pass_over(picture, last, picture->count, "    :", "    ",
		    has(picture, "RUNNING") ? "not yet" : "not entered");
}

/* ---- all of it ---- */

static void
widen(struct picture *picture, const char *name)
{
	int column = (int)strlen(name) + GAP;

	if (column > picture->column)
		picture->column = column;
}

static void
read_table(struct picture *picture, struct json_object *machine)
{
	struct json_object *states = doc_at(machine, "States");

	for (size_t i = 0; i < picture->path->count; i++)
		widen(picture, picture->path->visit[i].state);
	if (!doc_is_object(states))
		return;
	picture->states = xcalloc(
	    (size_t)json_object_object_length(states), sizeof *picture->states);
	json_object_object_foreach (states, name, state) {
		(void)state;
		picture->states[picture->count++] = name;
		widen(picture, name);
	}
}

void
picture_draw(const struct ctl *ctl, struct json_object *execution,
    const struct path *path, struct json_object *machine)
{
	struct picture picture = {
		.out = ctl->out,
		.path = path,
		.status = doc_string(execution, "status"),
		.moments = { ctl, path, doc_string(execution, "startDate") },
	};
	const char *arrow = "    ";

	read_table(&picture, machine);
	for (size_t at = 0; at < path->count; at++) {
		const struct visit *visit = &path->visit[at];

		if (at > 0)
			arrow = draw_way(&picture, visit - 1, visit);
		draw_state(&picture, visit, arrow);
		moments_tell(&picture.moments, visit->first, visit->end);
	}
	draw_end(&picture, doc_string(execution, "dueDate"));
	free(picture.states);
}
