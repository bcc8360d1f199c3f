/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside made fit for a line of a message. All of it is UTF-8
 * already: the parsers of JSON and XML refuse what is not.
 */
#ifndef KG_WORKFLOW_TEXT_H
#define KG_WORKFLOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* How many characters (code points) a text has. */
size_t text_length(const char *text);

/* The bytes of the first `max` characters of a text, or of all it has. */
size_t text_first(const char *text, size_t max);

/* The bytes of the longest run of whole characters in `max` bytes. */
size_t text_fit(const char *text, size_t max);

/* Whether a text is free of control characters. */
bool text_plain(const char *text);

/*
 * A copy without control characters (tab and line feed become blanks) and
 * without blanks around it, of at most `max` characters. NULL for NULL and for
 * a text of which nothing is left. The caller frees it.
 */
char *text_clean(const char *text, size_t max);

#endif
