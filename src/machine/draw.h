/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawings of a table: text for a terminal, DOT for graphviz, and Amazon
 * States Language. All from the table itself, so that none can lie.
 */
#ifndef KG_MACHINE_DRAW_H
#define KG_MACHINE_DRAW_H

#include "machine/table.h"

struct buf;

/*
 * Names the error codes behind a class ("Class.Throttled") for a task, by
 * calling `each` for every name: what the table matches by class, ASL has to
 * list.
 */
typedef void draw_expand(const char *class_name, const struct task *task,
    void (*each)(void *arg, const char *name), void *arg);

/* Append the drawing to `out`. */
void draw_text(const struct machine *machine, struct buf *out);
void draw_dot(const struct machine *machine, struct buf *out);
void draw_asl(
    const struct machine *machine, draw_expand *expand, struct buf *out);

#endif
