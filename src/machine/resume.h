/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An execution that was unfinished when the daemon ended goes on from where its
 * history says that it stands.
 */
#ifndef KG_MACHINE_RESUME_H
#define KG_MACHINE_RESUME_H

#include <stddef.h>

#include "machine/history.h"

struct execution;
struct replay;

/* Takes up a new execution by its history. If that makes no sense, it ends:
 * FAILED. */
void resume_take_up(struct execution *execution,
    const struct standing *standing, const struct event *events, size_t count);

/* Takes up a new execution that is being redriven: `past` is read as if that
 * was recorded already, which this does. */
void resume_redriven(
    struct execution *execution, const struct replay *past, const char *by);

#endif
