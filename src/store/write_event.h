/* SPDX-License-Identifier: Apache-2.0 */
/* One event into its history, within a transaction: the part of writes that
 * knows executions. */
#ifndef KG_STORE_WRITE_EVENT_H
#define KG_STORE_WRITE_EVENT_H

#include <stdbool.h>

#include "util/error.h"

struct record;
struct sqlite;

/*
 * Writes the event and its execution's standing; the first event makes the
 * execution. Changes `fate` if the name exists or the event does not follow
 * the last one. False only if SQLite fails.
 */
bool write_event(struct sqlite *db, struct record *record, struct error *error);

#endif
