/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables and their versions: is this file ours, can we read it, and what
 * makes an older or an empty one current.
 */
#ifndef KG_STORE_SCHEMA_H
#define KG_STORE_SCHEMA_H

#include <stdbool.h>

#include "util/error.h"

struct sqlite;

#define SCHEMA_VERSION 3 /* what this program writes and reads */

/*
 * The version of the file's schema: SCHEMA_VERSION, an older one, or 0 for an
 * empty file. False for `Store.NotOurs` and `Store.SchemaTooNew`. Writes
 * nothing.
 */
bool schema_version(struct sqlite *db, int *ret_version, struct error *error);

/* Brings the file from that version to this program's, step by step; each is
 * one transaction. */
bool schema_upgrade(struct sqlite *db, int version, struct error *error);

#endif
