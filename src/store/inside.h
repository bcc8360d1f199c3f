/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store itself, for the files that are its facade.
 */
#ifndef KG_STORE_INSIDE_H
#define KG_STORE_INSIDE_H

#include <stdbool.h>

#include "machine/journal.h"
#include "store/store.h"

struct reader;
struct writer;

struct store {
	struct store_events events;
	struct journal_listener listener;
	struct journal journal;
	struct writer *writer;
	struct reader *reader;
	bool opened;
	bool recovering; /* asked for, but it is not open yet */
};

#endif
