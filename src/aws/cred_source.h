/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials that are had at once, from the environment or a local file, as
 * an asynchronous provider for the chain.
 */
#ifndef KG_AWS_CRED_SOURCE_H
#define KG_AWS_CRED_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/credentials.h"

/* The error of a source that was not set up: the chain looks further. */
#define CRED_NOT_CONFIGURED "Aws.NotConfigured"

/* Any other: it was, but is broken: the chain ends. */
#define CRED_BROKEN "Aws.NoCredentials"

/* Looks once. `ret_credentials` comes in zeroed. */
typedef bool cred_load(const struct credentials_sources *sources,
    struct credentials *ret_credentials, struct error *error);

cred_load cred_env_load;     /* cred_env.c */
cred_load cred_file_load;    /* cred_file.c */
cred_load cred_systemd_load; /* cred_systemd.c */

/* A provider that looks by `load` each time it is asked. One at a time may
 * wait for it. */
struct credentials_provider *cred_source_new(struct loop *loop,
    const struct credentials_sources *sources, cred_load *load);

/* Credentials as they were found, not yet looked at. */
struct cred_keys {
	struct secret id, key, token;
};

/* Wipes. */
void cred_keys_done(struct cred_keys *keys);

/* Makes credentials of what was found at `where` (for errors): no id is not
 * configured, an id without a key or with what cannot be signed is broken. */
bool cred_keys_check(const struct cred_keys *keys, const char *where,
    struct credentials *ret_credentials, struct error *error);

/* Copies a variable of the environment, without white space around it; false
 * when it is unset, empty or blank. */
bool cred_variable(const struct credentials_sources *sources, const char *name,
    struct secret *ret_value);

#endif
