/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the writing side that blocks: the connection for writes, and the
 * steps that are done on it, one at a time. No threads of its own; while a
 * step is under way all of this belongs to the thread that does it. A
 * connection that failed is closed, and opened anew by the next step.
 */
#ifndef KG_STORE_DISK_H
#define KG_STORE_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "store/batch.h"
#include "store/prune.h"
#include "util/error.h"

struct sqlite;

enum step {
	STEP_OPEN,       /* opens the file; sets `newest` */
	STEP_WRITE,      /* writes `batch` */
	STEP_CHECKPOINT, /* brings the log home */
	STEP_PRUNE,      /* deletes some of what is too old or too many */
};

struct disk {
	char *path;
	struct sqlite *db; /* NULL: to be opened */

	enum step step;
	struct batch batch;
	struct prune prune;

	bool ok;            /* how the step ended, */
	struct error error; /* and if not well, why */
	int64_t newest;     /* id of the newest execution when it was opened */
};

/* Does `step`. */
void disk_do(struct disk *disk);

/* Pages in the log that are not home yet. */
int disk_log_pages(const struct disk *disk);

/* Closes, or leaves the log as a crash would; frees what is in it. */
void disk_close(struct disk *disk);
void disk_abandon(struct disk *disk);

#endif
