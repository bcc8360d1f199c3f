/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file in the form of AWS's shared credentials file, read from the disk.
 */
#ifndef KG_AWS_CRED_FILE_H
#define KG_AWS_CRED_FILE_H

#include "aws/cred_source.h"

/*
 * Loads from the file at `path` the profile that AWS_PROFILE names, else
 * "default". No such file, or no "default" in it, is not configured; neither
 * is one that cannot be opened, if it is `optional`. `source` is its name in
 * the status.
 */
bool cred_file_read(const struct credentials_sources *sources, const char *path,
    bool optional, const char *source, struct credentials *ret_credentials,
    struct error *error);

#endif
