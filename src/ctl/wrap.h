/* SPDX-License-Identifier: Apache-2.0 */
/* Long text in lines, broken between words as far as there are any. */
#ifndef KG_CTL_WRAP_H
#define KG_CTL_WRAP_H

#include <stddef.h>

/* A copy with line breaks, so that each line takes at most so many columns of
 * the terminal (1 or more). The caller frees it. */
char *wrap(const char *text, size_t columns);

#endif
