/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the store in a temporary file next to it, made and read in pieces.
 * Synchronous, no threads: it belongs to whoever calls, but for `cancelled`.
 */
#ifndef KG_STORE_COPY_H
#define KG_STORE_COPY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

#define COPY_PIECE ((size_t)256 * 1024)

struct copy {
	char *store; /* path of the store */
	char *path;  /* of the temporary file */
	int fd;      /* of that; -1: there is none */
	int64_t bytes, done;
	char *piece; /* of up to COPY_PIECE */
	size_t len;
	atomic_bool cancelled; /* by anybody: making it fails soon */
};

/* A copy of that store, to be made; `number` tells it from others. */
void copy_init(struct copy *copy, const char *store, int64_t number);

/*
 * Makes it, as the store is at one moment, and sets `bytes`. The file has no
 * name any more when it returns. `Store.Full` also if it would leave too little
 * room for the store itself; else as sqlite_failed says.
 */
bool copy_make(struct copy *copy, struct error *error);

/* Reads the next piece; after the last one `len` is 0. */
bool copy_read(struct copy *copy, struct error *error);

/* Removes it and frees what is in it; once more is fine. */
void copy_done(struct copy *copy);

/* Removes what copies of that store a crash has left behind. */
void copy_sweep(const char *store);

#endif
