/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One life of the daemon's core on a disk that fails at one operation, or from
 * there on for some minutes, or loses power there.
 */
#ifndef KG_TESTS_FAULTS_DISK_TRIAL_H
#define KG_TESTS_FAULTS_DISK_TRIAL_H

#include "faults/disk_case.h"
#include "scenarios/world.h"

/* What happens to the disk. */
struct blow {
	enum disk_op op;
	uint64_t nth;   /* from when on the case begins; 0: nothing happens */
	uint64_t count; /* how many fail; 0: all, for some minutes */
	bool all;       /* so do all other operations, meanwhile */
	enum disk_fault fault;
	uint64_t then;       /* power is lost before so many more syncs */
	enum disk_loss loss; /* where power is lost; the next time: all */
};

struct trial {
	struct world world;
	const struct disk_case *it;
	const struct blow *blow;
	uint64_t counts[DISK_OPS]; /* of operations since the case began */
	bool hit;                  /* it has happened */
	bool crashed;              /* power was lost */
	struct loop_timer mended;
	int64_t begun_ms, well_ms; /* by then all is to be over */
	size_t lines;              /* that were logged */
	/* What security was told before power was lost, but was not durably
	 * told then: it may be told once more. */
	int64_t told_twice;
	void (*sent)(void *arg, struct http_request *request);
};

/* Lives, and notes in world.problem which promise was broken. */
void trial_run(
    struct trial *trial, const struct disk_case *it, const struct blow *blow);
void trial_done(struct trial *trial);

#endif
