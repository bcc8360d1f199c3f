/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator: does by hand what the control socket offers, to whatever
 * execution there is, whether that makes sense or not.
 */
#ifndef KG_TESTS_SIMULATION_HAND_H
#define KG_TESTS_SIMULATION_HAND_H

#include <sys/queue.h>

struct life;

/* What has been asked, and waits for the store to say how things stand. */
struct errand {
	TAILQ_ENTRY(errand) next;
	struct life *life;
	const char *verb;
	char *execution;
};

TAILQ_HEAD(errands, errand);

/* Injects an event; stops, redrives or retries an execution; resumes what is
 * held. The daemon runs. */
void hand_inject(struct life *life);
void hand_act(struct life *life);
void hand_resume(struct life *life);

/* The daemon has died: nobody will answer. */
void hand_forget(struct life *life);

#endif
