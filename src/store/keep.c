/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that live and die together: a list of blocks. */
#include "store/keep.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct kept {
	struct kept *before;
	alignas(max_align_t) char bytes[];
};

void *
keep_bytes(struct keep *keep, const void *bytes, size_t len)
{
	struct kept *kept;

	if (bytes == NULL)
		return NULL;
	kept = xzalloc(sizeof *kept + len + 1);
	memcpy(kept->bytes, bytes, len);
	kept->before = keep->last;
	keep->last = kept;
	return kept->bytes;
}

const char *
keep_text(struct keep *keep, const char *text)
{
	return keep_bytes(keep, text, text == NULL ? 0 : strlen(text));
}

void
keep_done(struct keep *keep)
{
	while (keep->last != NULL) {
		struct kept *before = keep->last->before;

		free(keep->last);
		keep->last = before;
	}
}
