/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store itself, for the files that are its facade.
 */
#ifndef KG_STORE_INSIDE_H
#define KG_STORE_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "machine/journal.h"
#include "store/store.h"

struct loop;
struct reader;
struct store_backup;
struct writer;

struct store {
	LIST_HEAD(backups, store_backup) backups; /* under way */
	int64_t backups_made;
	struct loop *loop;
	char *path;
	struct store_events events;
	struct journal_listener listener;
	struct journal journal;
	struct writer *writer;
	struct reader *reader;
	bool opened;
	bool recovering; /* asked for, but it is not open yet */
};

/* Ends all backups that are under way, and waits for that. */
void backups_end(struct store *store);

#endif
