/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: words are separated by blanks, or stand in double quotes; what
 * begins with # is a comment; lines that begin with a tab belong to the step
 * above them.
 */
#include "scenarios/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "scenarios/steps.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct reading {
	char *rest; /* of the text */
	int line;   /* that was taken last */
};

static char *
take_line(struct reading *reading)
{
	reading->line++;
	return strsep(&reading->rest, "\n");
}

/* Cuts a line into words, in place; false when there are too many. */
static bool
cut(char *line, char **words)
{
	size_t count = 0;

	while (*(line += strspn(line, " ")) != '\0') {
		bool quoted = *line == '"';
		char *end;

		if (count == STEP_WORDS)
			return false;
		line += quoted;
		words[count++] = line;
		end = line + strcspn(line, quoted ? "\"" : " ");
		line = end + (*end != '\0');
		*end = '\0';
	}
	words[count] = NULL;
	return true;
}

/* Takes the tabbed lines; they are moved together, without their tabs. */
static char *
take_block(struct reading *reading)
{
	char *block = reading->rest, *end = block;

	if (block == NULL || *block != '\t')
		return (char *)"";
	while (reading->rest != NULL && *reading->rest == '\t') {
		char *line = take_line(reading) + 1;
		size_t len = strlen(line);

		memmove(end, line, len);
		end += len;
		*end++ = '\n';
	}
	end[-1] = '\0';
	return block;
}

/* The end of the list: it is not there. */
static const struct verb *
find(const struct verb *verb, const char *name)
{
	while (verb->name != NULL && strcmp(verb->name, name) != 0)
		verb++;
	return verb;
}

static bool
run_step(struct world *world, const struct step *step)
{
	const struct verb *verb = find(verbs_around, step->words[0]);
	bool needs_daemon = verb->name == NULL;
	size_t count = 0;

	while (step->words[count] != NULL)
		count++;
	if (needs_daemon)
		verb = find(verbs, step->words[0]);
	if (verb->name == NULL)
		return world_fail(world, "there is no step of that name");
	if (count < verb->words)
		return world_fail(world, "%s needs more words", verb->name);
	if (needs_daemon && world->core == NULL)
		world_start(world);
	return world->problem.name[0] == '\0' && verb->run(world, step) &&
	    world->problem.name[0] == '\0';
}

static bool run_text(struct world *world, char *text, int line);

/* "repeat 20": the block is a text of steps. */
static bool
repeat(struct world *world, const struct step *step, int line)
{
	for (int left = atoi(step->words[1]); left > 0; left--) {
		FREE_LATER char *text = xstrdup(step->block);

		if (!run_text(world, text, line))
			return false;
	}
	return true;
}

static bool
run_line(struct world *world, struct reading *reading)
{
	struct step step = { .block = "" };
	char *line = take_line(reading);
	int number = reading->line;
	bool ok;

	if (*line == '#')
		return true;
	if (!cut(line, step.words))
		ok = world_fail(world, "too many words");
	else if (step.words[0] == NULL)
		return true;
	else {
		step.block = take_block(reading);
		ok = strcmp(step.words[0], "repeat") == 0
		    ? repeat(world, &step, number)
		    : run_step(world, &step);
	}
	if (!ok && world->line == 0)
		world->line = number;
	return ok;
}

/* Runs to the end or to the first step that fails. */
static bool
run_text(struct world *world, char *text, int line)
{
	struct reading reading = { .rest = text, .line = line };

	while (reading.rest != NULL)
		if (!run_line(world, &reading))
			return false;
	return true;
}

bool
scenario_run(const char *path, struct error *error)
{
	FREE_LATER char *text = file_read(path);
	struct world world;
	bool ok;

	world_init(&world);
	ok = run_text(&world, text, 0) && steps_end(&world);
	world_done(&world);
	return ok ||
	    error_set(error, "Scenario.Failed", "%s:%d: %s", path, world.line,
		world.problem.cause);
}
