/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms.
 */
#include "aws/query.h"

#include <string.h>

#include "aws/percent.h"

void
query_begin(struct buf *body, const char *action, const char *version)
{
	buf_printf(body, "Action=%s&Version=%s", action, version);
}

void
query_add(struct buf *body, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(body, "&%s=", name);
	percent_encode(value, strlen(value), body);
}
