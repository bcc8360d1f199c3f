/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon has to do while its disk fails, and how that ends.
 */
#ifndef KG_TESTS_FAULTS_DISK_CASE_H
#define KG_TESTS_FAULTS_DISK_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_CASE_KEYS 7

struct disk_case {
	const char *name;
	const char *earlier; /* handled while the disk was still good */
	const char *event;   /* a file of scenarios/events, or the text */
	const char *state;   /* added to AWS as tests/scenarios has it */
	bool begun;          /* it died with a durable intent */
	int64_t most, kept;  /* max_per_window, max_executions; 0: default */
	int minutes;         /* until all is over */
	/* In the end. */
	const char *keys[DISK_CASE_KEYS]; /* dead, and security knows */
	int64_t executions, contained, rejected;
	int64_t told; /* messages to security */
	/* What a disk that fails may add: executions that try again by
	 * themselves, and tell. */
	int64_t again;
};

/* Ends with one without a name. */
extern const struct disk_case disk_cases[];

#endif
