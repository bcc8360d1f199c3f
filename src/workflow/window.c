/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sorted array: found by halving, dropped from its front.
 */
#include "workflow/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

#define ROOM 64

void
window_add(struct window *window, int64_t wall_ms)
{
	if (window->count > 0 && wall_ms < window->at[window->count - 1])
		wall_ms = window->at[window->count - 1];
	if (window->count == window->room) {
		window->room = window->room == 0 ? ROOM : 2 * window->room;
		window->at =
		    xreallocarray(window->at, window->room, sizeof *window->at);
	}
	window->at[window->count++] = wall_ms;
}

size_t
window_count(const struct window *window, int64_t since_wall_ms)
{
	size_t low = 0, high = window->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (window->at[middle] >= since_wall_ms)
			high = middle;
		else
			low = middle + 1;
	}
	return window->count - low;
}

void
window_drop(struct window *window, size_t count)
{
	assert(count <= window->count);
	window->count -= count;
	if (count > 0 && window->count > 0)
		memmove(window->at, window->at + count,
		    window->count * sizeof *window->at);
}

void
window_done(struct window *window)
{
	free(window->at);
	*window = (struct window){ 0 };
}
