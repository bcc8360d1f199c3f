/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of keyguardctl: where the daemon is, what is printed and how. What a
 * verb needs to know besides its own words.
 */
#ifndef KG_CTL_CTL_H
#define KG_CTL_CTL_H

#include <stdbool.h>
#include <stdio.h>

/* How keyguardctl exits. */
enum {
	CTL_DONE = 0,
	CTL_FAILED = 1,      /* the answer is "failed" */
	CTL_USAGE = 2,       /* or the input was refused */
	CTL_UNREACHABLE = 3, /* no daemon, or it went away */
};

struct ctl {
	const char *socket;
	bool json;       /* one document instead of text for people */
	FILE *out, *err; /* of the terminal, or a test */
	int width;       /* of the terminal in columns; 0: it is none */
	int patience_ms; /* to wait for an answer, or for the daemon's return */
};

/*
 * Does what the words of the command line say and returns how to exit. `ctl`
 * has the last four members; the others come from the words.
 */
int ctl_run(struct ctl *ctl, int argc, char *const *argv);

/* Says on `err` what is wrong, after the program's name; what came from
 * outside cannot harm the terminal. */
void ctl_complain(const struct ctl *ctl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
