/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocation that cannot fail: what is small and sized by ourselves. Running
 * out of it aborts; systemd restarts us and the store resumes us. Whatever the
 * outside sizes goes through util/buf with a cap first. Libraries that let us
 * choose their malloc() get ours: what they make of having no memory (an
 * answer that is cut, a certificate that is refused, a row without a column)
 * would be taken for the outside's doing.
 */
#ifndef KG_UTIL_ALLOC_H
#define KG_UTIL_ALLOC_H

#include <stddef.h>

/* A zeroed block of `size` bytes; aborts when there is none. */
void *xzalloc(size_t size);

/* A zeroed array of `count` elements of `size` bytes; aborts on overflow. */
void *xcalloc(size_t count, size_t size);

/* Resizes `block` to `count` elements of `size` bytes (new ones not zeroed). */
void *xreallocarray(void *block, size_t count, size_t size);

/* A copy of `text`; NULL stays NULL. The caller frees it. */
char *xstrdup(const char *text);

/* A terminated copy of `len` bytes. The caller frees it. */
char *xmemdup0(const void *bytes, size_t len);

/* malloc and realloc that abort, for libraries. */
void *xmalloc(size_t size);
void *xrealloc(void *block, size_t size);

/* Gives them to OpenSSL; before anything of it is used, or there is no effect.
 * The others get theirs where they are set up. */
void alloc_init(void);

/* sprintf into a new string, which the caller frees. */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* tsearch(3): puts `item` into a tree that has none like it. */
void xtsearch(const void *item, void **tree,
    int (*compare)(const void *a, const void *b));

#endif
