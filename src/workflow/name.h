/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of executions: "<account>-<subject>-<12 hex digits>", where the
 * subject is a key id, of which 20 characters are shown, or what else it is
 * about. The digits are those of a digest, and so the same for the same thing,
 * or of chance, and so always new. All names are the caller's to free.
 */
#ifndef KG_WORKFLOW_NAME_H
#define KG_WORKFLOW_NAME_H

#include <stddef.h>

struct random;

/* By what tells it from others: `len` bytes. */
char *name_of(
    const char *account, const char *subject, const void *about, size_t len);

/* By chance. */
char *name_new(const char *account, const char *subject, struct random *random);

/* Of one that follows the execution `of`: the same but for its digits, which
 * are those of that name, or of chance. */
char *name_after(const char *of);
char *name_new_after(const char *of, struct random *random);

#endif
