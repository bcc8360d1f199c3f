/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One profile of a file in the form of AWS's shared credentials file
 * (aws-protocols 5.3 and 5.4):
 *
 *	[default]
 *	aws_access_key_id = AKIAIOSFODNN7EXAMPLE
 *	aws_secret_access_key = ...      ; a comment
 *
 * Pure. Nothing it says ever quotes the file.
 */
#ifndef KG_AWS_CRED_PROFILE_H
#define KG_AWS_CRED_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/cred_source.h"

struct cred_profile {
	bool found; /* there is a section of this name */
	struct cred_keys keys;
	struct secret role, process; /* role_arn, credential_process */
};

/* Wipes. */
void cred_profile_done(struct cred_profile *profile);

/*
 * Reads the profile `name` of a file's text. Properties given twice: the last
 * counts. NULL, or what is wrong with the file and in which line.
 */
const char *cred_profile_parse(const char *text, size_t len, const char *name,
    struct cred_profile *ret_profile, unsigned *ret_line);

#endif
