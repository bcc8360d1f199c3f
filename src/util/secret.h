/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one type that holds a secret. Wiped when done; never logged, stored, put
 * in an error or in argv. Its bytes are read only where they are used: signing
 * and the header that carries a session token.
 */
#ifndef KG_UTIL_SECRET_H
#define KG_UTIL_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret {
	char *bytes; /* NUL-terminated; NULL: none */
	size_t len;
};

/* Copies `len` bytes in, wiping what was there. */
void secret_set(struct secret *secret, const char *bytes, size_t len);

/* Copies another secret in. */
void secret_copy(struct secret *secret, const struct secret *from);

/* Whether there is one. */
bool secret_given(const struct secret *secret);

/* Wipes and frees. */
void secret_done(struct secret *secret);

/* Wipes `len` bytes in a way that the compiler cannot leave out. */
void secret_wipe(void *bytes, size_t len);

#endif
