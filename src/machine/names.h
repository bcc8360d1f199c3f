/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees by tsearch(3) of structs whose first member is their name: ordered by
 * that, never by pointer, so that every run goes the same way.
 */
#ifndef KG_MACHINE_NAMES_H
#define KG_MACHINE_NAMES_H

#include <string.h>

/* Compares two such structs, or one with a pointer to a name. */
static inline int
names_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#endif
