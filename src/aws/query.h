/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request in AWS's Query protocol, an HTML form
 * (aws-protocols 3.1): "Action=DeleteAccessKey&Version=2010-05-08&...".
 */
#ifndef KG_AWS_QUERY_H
#define KG_AWS_QUERY_H

#include "util/buf.h"

#define QUERY_MAX ((size_t)1 << 20) /* SNS takes 256 KiB, each byte as %XX */

/* Begins a form for an action in a version of a service. */
void query_begin(struct buf *body, const char *action, const char *version);

/* Appends a parameter; a NULL value appends none. What did not fit makes
 * buf_take of the body yield NULL. */
void query_add(struct buf *body, const char *name, const char *value);

#endif
