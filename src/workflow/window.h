/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When something has happened lately: moments in order, to be counted over a
 * window that slides. Pure.
 */
#ifndef KG_WORKFLOW_WINDOW_H
#define KG_WORKFLOW_WINDOW_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed: nothing has happened. */
struct window {
	int64_t *at; /* wall clock, ms; never falling */
	size_t count, room;
};

/* It happened. A clock that was set back counts as standing still. */
void window_add(struct window *window, int64_t wall_ms);

/* How often from that moment on. */
size_t window_count(const struct window *window, int64_t since_wall_ms);

/* Forgets the first `count`. */
void window_drop(struct window *window, size_t count);

/* Forgets everything. */
void window_done(struct window *window);

#endif
