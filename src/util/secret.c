/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one type that holds a secret: every way out of it wipes first.
 */
#include "util/secret.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

void
secret_set(struct secret *secret, const char *bytes, size_t len)
{
	char *copy = xmemdup0(bytes, len);

	secret_done(secret);
	secret->bytes = copy;
	secret->len = len;
}

void
secret_copy(struct secret *secret, const struct secret *from)
{
	if (secret_given(from))
		secret_set(secret, from->bytes, from->len);
	else
		secret_done(secret);
}

bool
secret_given(const struct secret *secret)
{
	return secret->bytes != NULL;
}

void
secret_done(struct secret *secret)
{
	secret_wipe(secret->bytes, secret->len);
	free(secret->bytes);
	*secret = (struct secret){ 0 };
}

void
secret_wipe(void *bytes, size_t len)
{
	if (bytes != NULL)
		explicit_bzero(bytes, len);
}
