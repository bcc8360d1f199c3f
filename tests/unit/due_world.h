/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The neighbours of a line of what is due, played: a store with a few rows that
 * answers when it is told to, and an engine that runs nothing.
 */
#ifndef KG_TESTS_UNIT_DUE_WORLD_H
#define KG_TESTS_UNIT_DUE_WORLD_H

#include "loop/loop.h"
#include "store/store.h"
#include "unit/unit.h"
#include "workflow/due_line.h"

#define DUE_ROWS  40
#define DUE_STATE 2 /* that they go on in */

struct store_read {
	size_t limit;
	store_due_listed *listed;
	char name[16];
	store_shown *shown;
	void *arg;
	bool open;
};

struct due_world {
	struct loop *loop;
	struct due_host host;
	struct due_line line;
	struct {
		char name[16];
		int64_t due_ms; /* 0: settled, or gone on */
		bool runs, unreadable, useless, gone, ended;
		int reads;
	} rows[DUE_ROWS];
	size_t count;
	struct store_read read;
	struct error store_error; /* of all reads, when it has a name */
	char settling[16];
	store_done *settled;
	size_t in_state;
	char taken[DUE_ROWS][16];
	size_t takes;
	const char *awaits; /* what `take` says; "" for the name itself */
	char log[1024];
};

extern struct due_world world;

/* What it takes stays due until it goes on; or is settled. */
extern const struct due_kind due_kind, due_kind_settling;

/* A fixture: a line of due_kind, on virtual time. */
void due_setup(void);
void due_teardown(void);

/* A row; rows stand in the order in which they are due. */
void due_row(const char *name, int64_t due_ms);

/* The line begins; all that it asks is answered. */
void due_begin(void);

/* Lists for `read`, whatever is asked now. */
void due_list(struct store_read *read);

/* Answers all that is asked now. */
void due_answer(void);

/* Time passes; what is asked then is answered. */
void due_pass(int64_t ms);

/* An event of an execution is durable. */
void due_durable(const char *name, enum status status, int64_t due_ms);

/* What is being settled is (NULL), or cannot be. */
void due_settled(const struct error *error);

#endif
