/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's core on a disk where something goes wrong at the n-th operation,
 * for every n of a whole run: it fails, once or for a while, or power is lost.
 *
 * `disk STRIDE` tries each STRIDE-th (31); `make faults` has them all. `disk
 * CASE OP FAULT MODE NTH [SYNC]` is one that had failed, with KG_LOG=1 what was
 * logged.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/disk_trial.h"
#include "scenarios/world.h"

static const char *const ops[DISK_OPS] = {
	[DISK_OPEN] = "open",
	[DISK_READ] = "read",
	[DISK_WRITE] = "write",
	[DISK_SYNC] = "sync",
	[DISK_TRUNCATE] = "truncate",
	[DISK_DELETE] = "delete",
	[DISK_SHARE] = "share",
	[DISK_LOCK] = "lock",
};

#define OP(name) (1u << (DISK_##name))
#define ANY_OP   ((1u << DISK_OPS) - 1)

static const struct {
	const char *name;
	unsigned ops; /* which it can befall */
} faults[] = {
	[DISK_IO_ERROR] = { "error", ANY_OP },
	[DISK_FULL] = { "full", OP(OPEN) | OP(WRITE) | OP(SHARE) },
	[DISK_FULL_COW] = { "full-cow", OP(WRITE) | OP(SYNC) },
	[DISK_SHORT] = { "short", OP(READ) | OP(WRITE) | OP(SYNC) },
	[DISK_READ_ONLY] = { "read-only",
	    OP(OPEN) | OP(WRITE) | OP(TRUNCATE) | OP(DELETE) | OP(SHARE) },
	[DISK_BUSY] = { "busy", OP(LOCK) },
	[DISK_OFF] = { "off",
	    OP(WRITE) | OP(SYNC) | OP(TRUNCATE) | OP(DELETE) },
	[DISK_OFF_AFTER] = { "off-after",
	    OP(WRITE) | OP(SYNC) | OP(TRUNCATE) | OP(DELETE) },
};
#define FAULTS (sizeof faults / sizeof faults[0])

static const struct mode {
	const char *name;
	enum { FAILS, LOSES } kind;
	bool then;      /* and power is lost later */
	uint64_t count; /* the three of a blow */
	bool all;
	enum disk_loss loss;
} modes[] = {
	{ "once", FAILS, false, 1, false, LOSS_NONE },
	{ "thrice", FAILS, false, 3, false, LOSS_NONE },
	{ "lasting", FAILS, false, 0, false, LOSS_NONE },
	{ "all", FAILS, false, 0, true, LOSS_NONE },
	{ "once-then", FAILS, true, 1, false, LOSS_SOME },
	{ "all-then", FAILS, true, 0, true, LOSS_ALL },
	{ "none", LOSES, false, 1, false, LOSS_NONE },
	{ "some", LOSES, false, 1, false, LOSS_SOME },
	{ "everything", LOSES, false, 1, false, LOSS_ALL },
	{ "none-then", LOSES, true, 1, false, LOSS_NONE },
};
#define MODES (sizeof modes / sizeof modes[0])

struct tally {
	uint64_t stride, next; /* of all trials */
	uint64_t failed, lost, amiss;
	uint64_t counts[DISK_OPS]; /* of a run in which nothing is wrong */
};

static bool
is_loss(enum disk_fault fault)
{
	return fault == DISK_OFF || fault == DISK_OFF_AFTER;
}

static struct blow
blow_of(enum disk_op op, enum disk_fault fault, const struct mode *mode)
{
	return (struct blow){
		.op = op,
		.fault = fault,
		.count = mode->count,
		.all = mode->all,
		.loss = mode->loss,
	};
}

/* ---- all of them ---- */

static void
try_one(const struct disk_case *it, const struct blow *blow,
    const struct mode *mode, struct tally *tally)
{
	const char *problem;
	struct trial trial;

	if (tally->next++ % tally->stride != 0)
		return;
	trial_run(&trial, it, blow);
	tally->failed += trial.hit && mode->kind != LOSES;
	tally->lost += trial.crashed;
	problem = trial.world.problem.cause;
	if (trial.world.problem.name[0] != '\0') {
		printf("# disk '%s' %s %s %s %" PRIu64 " %" PRIu64 ": %s\n",
		    it->name, ops[blow->op], faults[blow->fault].name,
		    mode->name, blow->nth, blow->then, problem);
		tally->amiss++;
	}
	trial_done(&trial);
}

/* For every n, and where power is lost later, for a sync and every sync after
 * it. */
static void
try_each(const struct disk_case *it, struct blow blow, const struct mode *mode,
    struct tally *tally)
{
	uint64_t syncs = tally->counts[DISK_SYNC];

	for (blow.nth = 1; blow.nth <= tally->counts[blow.op]; blow.nth++) {
		blow.then = 0;
		if (!mode->then)
			try_one(it, &blow, mode, tally);
		else if (blow.op == DISK_SYNC &&
		    (blow.fault == DISK_IO_ERROR || blow.fault == DISK_OFF))
			while (++blow.then <= syncs)
				try_one(it, &blow, mode, tally);
	}
}

static bool
count(const struct disk_case *it, struct tally *tally)
{
	const struct blow nothing = { 0 };
	struct trial trial;
	bool ok;

	trial_run(&trial, it, &nothing);
	memcpy(tally->counts, trial.counts, sizeof tally->counts);
	ok = trial.world.problem.name[0] == '\0';
	if (!ok)
		printf("# %s\n", trial.world.problem.cause);
	trial_done(&trial);
	return ok;
}

static bool
try_case(const struct disk_case *it, struct tally *tally)
{
	uint64_t amiss = tally->amiss;
	bool ok = count(it, tally);

	for (enum disk_op op = 0; ok && op < DISK_OPS; op++)
		for (enum disk_fault fault = 0; fault < FAULTS; fault++)
			for (size_t i = 0; i < MODES; i++)
				if ((faults[fault].ops & 1u << op) != 0 &&
				    is_loss(fault) == (modes[i].kind == LOSES))
					try_each(it,
					    blow_of(op, fault, &modes[i]),
					    &modes[i], tally);
	ok = ok && tally->amiss == amiss;
	printf("%sok - %s\n", ok ? "" : "not ", it->name);
	return ok;
}

static bool
try_all(uint64_t stride)
{
	struct tally tally = { .stride = stride };
	const struct disk_case *it;
	size_t cases = 0;
	bool ok = true;

	while (disk_cases[cases].name != NULL)
		cases++;
	printf("1..%zu\n", cases);
	for (it = disk_cases; it->name != NULL; it++)
		ok &= try_case(it, &tally);
	printf("# disk: %" PRIu64 " runs, in %" PRIu64
	       " of them it failed, in %" PRIu64 " power was lost, %" PRIu64
	       " amiss\n",
	    (tally.next + stride - 1) / stride, tally.failed, tally.lost,
	    tally.amiss);
	return ok;
}

/* ---- one of them ---- */

static struct blow
read_blow(char **words)
{
	enum disk_op op = 0;
	enum disk_fault fault = 0;
	size_t mode = 0;
	struct blow blow;

	while (op < DISK_OPS && strcmp(ops[op], words[0]) != 0)
		op++;
	while (fault < FAULTS && strcmp(faults[fault].name, words[1]) != 0)
		fault++;
	while (mode < MODES && strcmp(modes[mode].name, words[2]) != 0)
		mode++;
	if (op == DISK_OPS || fault == FAULTS || mode == MODES)
		abort();
	blow = blow_of(op, fault, &modes[mode]);
	blow.nth = strtoull(words[3], NULL, 10);
	blow.then = words[4] == NULL ? 0 : strtoull(words[4], NULL, 10);
	return blow;
}

static bool
try_again(const char *name, const struct blow *blow)
{
	const struct disk_case *it = disk_cases;
	struct trial trial;
	bool ok;

	while (it->name != NULL && strcmp(it->name, name) != 0)
		it++;
	if (it->name == NULL)
		abort();
	trial_run(&trial, it, blow);
	ok = trial.world.problem.name[0] == '\0';
	printf("1..1\n%sok - %s\n# %s\n", ok ? "" : "not ", name,
	    trial.world.problem.cause);
	trial_done(&trial);
	return ok;
}

int
main(int argc, char **argv)
{
	struct blow blow;
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 6) {
		ok = try_all(argc > 1 ? strtoull(argv[1], NULL, 10) : 31);
		return ok ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	blow = read_blow(argv + 2);
	return try_again(argv[1], &blow) ? EXIT_SUCCESS : EXIT_FAILURE;
}
