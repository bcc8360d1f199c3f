/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable run of bytes that is born with its maximum: what the outside
 * sizes. Past the maximum an append fails softly, sticks, and changes nothing;
 * `buf_ok` at the end tells. Always NUL-terminated behind its length.
 */
#ifndef KG_UTIL_BUF_H
#define KG_UTIL_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* NULL while empty */
	size_t len;
	size_t room;
	size_t max;
	bool failed; /* an append did not fit */
};

/* An empty buf of at most `max` bytes; needs no buf_done while empty. */
#define BUF_INIT(max_)                                                         \
	{                                                                      \
		.max = (max_)                                                  \
	}

/* Frees the bytes; the buf is empty again, with the same maximum. */
void buf_done(struct buf *buf);

/* As buf_done, wiping the bytes first: what held a secret. */
void buf_wipe(struct buf *buf);

/* Forgets the bytes and the failure but keeps the memory. */
void buf_clear(struct buf *buf);

/* Append bytes, text or formatted text. False when over the maximum. */
bool buf_add(struct buf *buf, const void *bytes, size_t len);
bool buf_puts(struct buf *buf, const char *text);
bool buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Removes the first `len` bytes. */
void buf_drop(struct buf *buf, size_t len);

/* Makes room for exactly `len` more bytes in advance; false over the max. */
bool buf_reserve(struct buf *buf, size_t len);

/* Whether every append fitted. */
bool buf_ok(const struct buf *buf);

/* The bytes as a string: "" while empty. Borrowed until the next change. */
const char *buf_text(const struct buf *buf);

/* Takes the string out (the caller frees it), leaving the buf empty. NULL if
 * an append failed. Never NULL otherwise. */
char *buf_take(struct buf *buf);

#endif
