/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials and where they come from. A provider is asynchronous: it may
 * have to ask a service, read a file, run a program. A cache in front of one
 * holds what is still good and lets many callers wait for one look-up.
 */
#ifndef KG_AWS_CREDENTIALS_H
#define KG_AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"
#include "util/secret.h"

struct loop;

struct credentials {
	char access_key_id[129];
	struct secret secret_key;
	struct secret token;     /* not given: long-term credentials */
	int64_t expires_wall_ms; /* 0: never */
	char source[64];         /* "environment", "shared credentials file",
				    "systemd credential", ... */
};

/* Wipes. */
void credentials_done(struct credentials *credentials);

/* Copies, wiping what was there. */
void credentials_copy(
    struct credentials *credentials, const struct credentials *from);

/*
 * Called once, later than the call that asked. `credentials` (borrowed) is
 * NULL when there are none, then the error is `Aws.NoCredentials`
 * (CLASS_TRANSIENT): its cause says where was looked.
 */
typedef void credentials_found(void *arg, const struct credentials *credentials,
    const struct error *error);

/* A wait for credentials: embedded in who waits. */
struct credentials_wait {
	credentials_found *found;
	void *arg;
	struct credentials_wait *next, **link; /* the provider's own */
};

struct credentials_provider {
	void *self;
	/* Asks; `wait` must stay until called back or cancelled. */
	void (*get)(void *self, struct credentials_wait *wait);
	/* No callback any more. */
	void (*cancel)(void *self, struct credentials_wait *wait);
	/* What was given out was refused as expired: look anew. */
	void (*invalidate)(void *self);
	void (*free)(void *self);
};

/* Where a chain looks; NULL members: as the process's environment says. */
struct credentials_sources {
	/* getenv, or a test's; never NULL. */
	const char *(*env)(void *arg, const char *name);
	void *arg;
};

/*
 * The daemon's chain behind a cache: environment, the shared credentials file
 * (AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE), $CREDENTIALS_DIRECTORY/aws
 * (systemd's LoadCredential, in the form of a credentials file). The first that
 * is configured decides. Freed by provider->free.
 */
struct credentials_provider *credentials_chain_new(
    struct loop *loop, const struct credentials_sources *sources);

#endif
