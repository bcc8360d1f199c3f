/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocation that cannot fail: every function here returns memory or ends the
 * process, so that no caller has a branch that is never tested.
 */
#include "util/alloc.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

static void *
must(void *block)
{
	if (block == NULL)
		abort();
	return block;
}

/* The bytes of an array, at least one: an empty array is a block as well. */
static size_t
array_size(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		abort();
	return bytes == 0 ? 1 : bytes;
}

void *
xzalloc(size_t size)
{
	return xcalloc(1, size);
}

void *
xcalloc(size_t count, size_t size)
{
	return must(calloc(1, array_size(count, size)));
}

void *
xreallocarray(void *block, size_t count, size_t size)
{
	return xrealloc(block, array_size(count, size));
}

void *
xmalloc(size_t size)
{
	return must(malloc(size == 0 ? 1 : size));
}

void *
xrealloc(void *block, size_t size)
{
	return must(realloc(block, size == 0 ? 1 : size));
}

void
xtsearch(
    const void *item, void **tree, int (*compare)(const void *a, const void *b))
{
	must(tsearch(item, tree, compare));
}

char *
xstrdup(const char *text)
{
	return text == NULL ? NULL : must(strdup(text));
}

char *
xmemdup0(const void *bytes, size_t len)
{
	char *copy = xzalloc(len + 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

char *
xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

/* ---- OpenSSL also says from where ---- */

static void *
openssl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return xmalloc(size);
}

static void *
openssl_realloc(void *block, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return xrealloc(block, size);
}

static void
openssl_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	free(block);
}

void
alloc_init(void)
{
	CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
}
