/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable run of bytes with a maximum. Room is doubled as it fills, so that
 * a body that comes in a thousand pieces is copied a few times only; one byte
 * of it is always kept for the NUL.
 */
#include "util/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/secret.h"

#define SMALLEST 64

void
buf_done(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf)BUF_INIT(buf->max);
}

void
buf_wipe(struct buf *buf)
{
	secret_wipe(buf->data, buf->room);
	buf_done(buf);
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

static bool
fits(const struct buf *buf, size_t len)
{
	return !buf->failed && buf->len <= buf->max &&
	    len <= buf->max - buf->len;
}

static void
resize(struct buf *buf, size_t room)
{
	buf->data = xrealloc(buf->data, room);
	buf->room = room;
	buf->data[buf->len] = '\0';
}

/* The room for `need` bytes: doubled, but never more than the maximum asks. */
static size_t
room_for(const struct buf *buf, size_t need)
{
	size_t room = buf->room == 0 ? SMALLEST : 2 * buf->room;

	if (room > buf->max)
		room = buf->max + 1;
	return need > room ? need : room;
}

/* Makes room for `len` more bytes and their NUL; a failure sticks. */
static bool
grow(struct buf *buf, size_t len)
{
	size_t need = buf->len + len + 1;

	if (!fits(buf, len)) {
		buf->failed = true;
		return false;
	}
	if (need > buf->room)
		resize(buf, room_for(buf, need));
	return true;
}

bool
buf_reserve(struct buf *buf, size_t len)
{
	if (!fits(buf, len))
		return false;
	if (buf->len + len >= buf->room)
		resize(buf, buf->len + len + 1);
	return true;
}

bool
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (!grow(buf, len))
		return false;
	if (len > 0)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return true;
}

bool
buf_puts(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

bool
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	if (!grow(buf, (size_t)len))
		return false;
	va_start(args, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
	return true;
}

void
buf_drop(struct buf *buf, size_t len)
{
	assert(len <= buf->len);
	if (len == 0)
		return;
	buf->len -= len;
	memmove(buf->data, buf->data + len, buf->len + 1);
}

bool
buf_ok(const struct buf *buf)
{
	return !buf->failed;
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data == NULL ? "" : buf->data;
}

char *
buf_take(struct buf *buf)
{
	char *text = NULL;

	if (!buf->failed)
		text = buf->data == NULL ? xstrdup("") : STEAL(buf->data);
	buf_done(buf);
	return text;
}
