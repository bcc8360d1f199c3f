/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is at the other end of the control socket, as histories and the journal
 * name him: "redrive:uid=0,user=root,pid=4711". The name comes from the
 * system's directory, which may be a server that hangs: it is asked by a
 * thread, and not waited for beyond a second. Then it is left out.
 */
#ifndef KG_CONTROL_WHO_H
#define KG_CONTROL_WHO_H

#include <sys/queue.h>

#include "loop/loop.h"

struct who;

/* Someone who waits to be told. */
struct who_asker {
	LIST_ENTRY(who_asker) list;
	struct who *who; /* NULL: he does not wait */
	const char *deed;
	long uid, pid;
	struct loop_timer patience;
	void (*told)(void *arg, const char *by);
	void *arg;
};

/* Nobody has asked yet, and no thread is there. */
struct who *who_new(struct loop *loop);

/* All askers must be gone; waits for a look-up under way. NULL is fine. */
void who_free(struct who *who);

/* Asks for the user and process (-1: unknown) that want `deed` ("redrive",
 * lives as long as the asker) done; `told` follows once, later. */
void who_ask(struct who *who, const char *deed, long uid, long pid,
    struct who_asker *asker, void (*told)(void *arg, const char *by),
    void *arg);

/* From now on `told` is not called. Fine if it was, or if all is zero. */
void who_unask(struct who_asker *asker);

#endif
