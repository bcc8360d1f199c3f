/* SPDX-License-Identifier: Apache-2.0 */
/* Long text in lines, broken between words if there are any; or cut to one. */
#ifndef KG_CTL_WRAP_H
#define KG_CTL_WRAP_H

#include <stddef.h>

/* A copy with line breaks, so that each line takes at most so many columns of
 * the terminal (1 or more). The caller frees it. */
char *wrap(const char *text, size_t columns);

/* A copy that takes at most so many columns, "..." among them if there is more.
 * The caller frees it. */
char *wrap_cut(const char *text, size_t columns);

#endif
