/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of AWS's error codes: their class, their two spellings, and
 * what is to be mended before a call can succeed.
 */
#ifndef KG_AWS_FAILURE_TABLE_H
#define KG_AWS_FAILURE_TABLE_H

#include "aws/client.h"

/* What a code may blame, beside the request itself. */
enum failure_blame {
	BLAME_NOTHING,
	BLAME_CLOCK, /* ours may be wrong: compare with the answer's date */
	BLAME_TOKEN, /* the session has expired: credentials anew */
	BLAME_KEY,   /* the key is unknown: until credentials change */
};

struct failure_code {
	const char *code;  /* as the service's protocol spells it */
	const char *query; /* SQS: as the Query protocol spells it, or NULL */
	unsigned services; /* bits */
	enum error_class class;
	enum failure_blame blame;
};

/* The row of a code, in either spelling; NULL when the table has none. */
const struct failure_code *failure_find(
    enum aws_service service, const char *code);

/* What a failure named by failure_parse blames. */
enum failure_blame failure_blame(
    enum aws_service service, const struct error *failure);

#endif
