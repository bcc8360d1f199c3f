/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML by expat, as the Query protocol of AWS answers it: a small tree of
 * elements with text; namespaces and attributes are ignored, a document type
 * declaration is refused (so no entities are ever expanded), size and depth
 * are capped.
 */
#ifndef KG_UTIL_XML_H
#define KG_UTIL_XML_H

#include <stddef.h>

#include "util/error.h"

struct xml;

#define XML_DEPTH 32                /* levels of nesting that are accepted */
#define XML_MAX   ((size_t)1 << 20) /* bytes of a document */

/* Parses a whole document in UTF-8; NULL and `Xml.Malformed` otherwise, whose
 * cause has the line. The caller frees it with xml_free. */
struct xml *xml_parse(const char *text, size_t len, struct error *error);

/* Frees the tree; NULL is fine. Returns NULL. */
struct xml *xml_free(struct xml *xml);
void xml_free_at(struct xml **xml);

/*
 * The text of the element at a slash-separated path below the root (the root's
 * own name is not part of it): "GetAccessKeyLastUsedResult/UserName". The
 * first of its name on each level. NULL when absent, "" when empty. Borrowed.
 */
const char *xml_text(const struct xml *xml, const char *path);

/* The name of the root element. */
const char *xml_root(const struct xml *xml);

#endif
