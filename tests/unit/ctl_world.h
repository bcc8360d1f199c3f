/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl with its terminal and its daemon in the hands of a test: the
 * daemon is a thread that expects certain calls and answers them as it is told.
 */
#ifndef KG_TESTS_UNIT_CTL_WORLD_H
#define KG_TESTS_UNIT_CTL_WORLD_H

#include <stdbool.h>

#define WORLD_TURNS   8
#define WORLD_REPLIES 8

/* One call that the daemon expects, and what it does then. */
struct turn {
	const char *call;                   /* the whole message */
	const char *replies[WORLD_REPLIES]; /* whole messages; ended by NULL */
	bool hang_up;                       /* and then close */
};

/* Around each test. */
void world_setup(void);
void world_teardown(void);

/* Where the daemon listens, or would. */
const char *world_socket(void);

/* The daemon begins: plays `turns`, ended by an empty one, and stops to
 * listen. The turns must live until the teardown. */
void world_daemon(const struct turn *turns);

/* Runs keyguardctl with the words, ended by NULL, on a terminal of so many
 * columns (0: none). Returns how it exits. */
int world_run(int width, const char *const *words);
#define WORLD_RUN(width, ...)                                                  \
	world_run(width, (const char *const[]){ __VA_ARGS__, NULL })

/* Waits for the daemon to have played all its turns, each as expected. */
void world_played(void);

/* Waits, but does not care what it has played. */
void world_forget(void);

/* What the last run has printed. */
const char *world_out(void);
const char *world_err(void);

#endif
