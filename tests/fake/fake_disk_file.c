/* SPDX-License-Identifier: Apache-2.0 */
/* Changes are kept with what they write, in order. */
#include "fake/fake_disk_file.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

#define SECTOR 512 /* is written whole, or not at all */

struct disk_change {
	STAILQ_ENTRY(disk_change) next;
	enum { MADE, WRITTEN, CUT, REMOVED } kind;
	size_t at, len; /* CUT: the new size, nothing */
	unsigned char data[];
};

/* ---- bytes ---- */

static void
bytes_resize(struct disk_bytes *bytes, size_t size)
{
	size_t room = bytes->room > 0 ? bytes->room : 4096;

	while (room < size)
		room *= 2;
	if (room > bytes->room) {
		bytes->bytes = xreallocarray(bytes->bytes, room, 1);
		bytes->room = room;
	}
	if (size > bytes->size)
		memset(bytes->bytes + bytes->size, 0, size - bytes->size);
	bytes->size = size;
}

static void
bytes_write(struct disk_bytes *bytes, size_t at, const void *data, size_t len)
{
	if (at + len > bytes->size)
		bytes_resize(bytes, at + len);
	memcpy(bytes->bytes + at, data, len);
}

static void
bytes_copy(struct disk_bytes *to, const struct disk_bytes *from)
{
	bytes_resize(to, 0);
	if (from->size > 0)
		bytes_write(to, 0, from->bytes, from->size);
	to->exists = from->exists;
}

/* ---- changes ---- */

static void
apply(struct disk_bytes *bytes, const struct disk_change *change)
{
	switch (change->kind) {
	case WRITTEN:
		bytes_write(bytes, change->at, change->data, change->len);
		break;
	case CUT:
		bytes_resize(bytes, change->at);
		break;
	case MADE:
	case REMOVED:
		bytes_resize(bytes, 0);
		bytes->exists = change->kind == MADE;
		break;
	}
}

static void
add(struct disk_file *file, const struct disk_change *what, const void *data)
{
	struct disk_change *change = xzalloc(sizeof *change + what->len);

	*change = *what;
	if (what->len > 0)
		memcpy(change->data, data, what->len);
	STAILQ_INSERT_TAIL(&file->changes, change, next);
	apply(&file->now, change);
}

static void
drop_first(struct disk_file *file)
{
	struct disk_change *change = STAILQ_FIRST(&file->changes);

	STAILQ_REMOVE_HEAD(&file->changes, next);
	free(change);
}

static void
drop_all(struct disk_file *file)
{
	while (!STAILQ_EMPTY(&file->changes))
		drop_first(file);
}

void
disk_file_make(struct disk_file *file)
{
	add(file, &(struct disk_change){ .kind = MADE }, NULL);
}

void
disk_file_write(struct disk_file *file, size_t at, const void *data, size_t len)
{
	add(file,
	    &(struct disk_change){ .kind = WRITTEN, .at = at, .len = len },
	    data);
}

void
disk_file_cut(struct disk_file *file, size_t size)
{
	add(file, &(struct disk_change){ .kind = CUT, .at = size }, NULL);
}

void
disk_file_remove(struct disk_file *file)
{
	add(file, &(struct disk_change){ .kind = REMOVED }, NULL);
}

static void
settle(struct disk_file *file, size_t count)
{
	for (; count > 0; count--) {
		apply(&file->durable, STAILQ_FIRST(&file->changes));
		drop_first(file);
	}
}

void
disk_file_sync(struct disk_file *file, double share)
{
	const struct disk_change *change;
	size_t count = 0;

	STAILQ_FOREACH (change, &file->changes, next)
		count++;
	settle(file, (size_t)(share * (double)count));
}

void
disk_file_give_up(struct disk_file *file)
{
	struct disk_change *change = STAILQ_FIRST(&file->changes), *next;

	for (; change != NULL; change = next) {
		next = STAILQ_NEXT(change, next);
		if (change->kind != WRITTEN && change->kind != CUT)
			continue;
		STAILQ_REMOVE(&file->changes, change, disk_change, next);
		free(change);
	}
}

bool
disk_file_is_new(const struct disk_file *file)
{
	const struct disk_change *change;

	STAILQ_FOREACH (change, &file->changes, next)
		if (change->kind == MADE)
			return true;
	return false;
}

void
disk_file_sync_name(struct disk_file *file)
{
	const struct disk_change *change;
	size_t count = 0, last = 0;

	STAILQ_FOREACH (change, &file->changes, next) {
		count++;
		if (change->kind == MADE || change->kind == REMOVED)
			last = count;
	}
	settle(file, last);
}

/* ---- a loss of power ---- */

/* Of its sectors some were written. */
static void
tear(struct disk_bytes *bytes, const struct disk_change *change,
    struct random *random)
{
	size_t end, at = 0;

	for (; at < change->len; at = end) {
		end = at + SECTOR - (change->at + at) % SECTOR;
		if (end > change->len)
			end = change->len;
		if (random_unit(random) < 0.5)
			bytes_write(bytes, change->at + at, change->data + at,
			    end - at);
	}
}

/* False: what follows was done to another file of that name, or to none. */
static bool
survive(struct disk_bytes *bytes, const struct disk_change *change,
    struct random *random)
{
	double fate = random_unit(random);

	if (fate < 0.5)
		apply(bytes, change);
	else if (change->kind == MADE || change->kind == REMOVED)
		return false;
	else if (fate < 0.75 && change->kind == WRITTEN)
		tear(bytes, change, random);
	return true;
}

static void
lose_some(struct disk_file *file, struct random *random)
{
	const struct disk_change *change = STAILQ_FIRST(&file->changes);

	while (change != NULL && survive(&file->durable, change, random))
		change = STAILQ_NEXT(change, next);
}

void
disk_file_crash(
    struct disk_file *file, enum disk_loss loss, struct random *random)
{
	if (loss == LOSS_SOME)
		lose_some(file, random);
	drop_all(file);
	bytes_copy(&file->now, &file->durable);
}

/* ---- the file ---- */

struct disk_file *
disk_file_new(const char *path)
{
	struct disk_file *file = xzalloc(sizeof *file);

	file->path = xstrdup(path);
	STAILQ_INIT(&file->changes);
	return file;
}

void
disk_file_free(struct disk_file *file)
{
	drop_all(file);
	free(file->now.bytes);
	free(file->durable.bytes);
	free(file->path);
	free(file);
}

void
disk_file_copy(const struct disk_file *file, struct disk_file *to)
{
	drop_all(to);
	bytes_copy(&to->now, &file->durable);
	bytes_copy(&to->durable, &file->durable);
}
