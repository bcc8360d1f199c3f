/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cleanup attributes: a local that frees itself when its scope ends, so that
 * no function needs goto. `_steal` moves a pointer out.
 */
#ifndef KG_UTIL_CLEANUP_H
#define KG_UTIL_CLEANUP_H

#include <stdlib.h>

/* Marks a local so that `function(&local)` runs at the end of its scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/* A local heap pointer that is freed at the end of its scope. */
#define FREE_LATER CLEANUP(cleanup_free)

/* Takes the pointer out of a cleanup local: yields it and leaves NULL. */
#define STEAL(pointer)                                                         \
	({                                                                     \
		__typeof__(pointer) stolen_ = (pointer);                       \
		(pointer) = NULL;                                              \
		stolen_;                                                       \
	})

static inline void
cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

#endif
