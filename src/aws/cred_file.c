/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared credentials file (aws-protocols 5.3). It is read on the loop: a
 * small local file, at the start, on SIGHUP, and when AWS refused what was in
 * it; anything but a regular file, which could block, is refused.
 */
#include "aws/cred_file.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/cred_profile.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define FILE_MAX ((size_t)64 << 10)

static void
close_at(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Reads all of a regular file; NULL, or why not. */
static const char *
read_all(int fd, struct buf *text)
{
	struct stat status;
	ssize_t got;

	if (fstat(fd, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "not a regular file";
	if (!buf_reserve(text, text->max))
		return strerror(ENOMEM);
	do {
		got = read(fd, text->data + text->len, text->max - text->len);
		if (got < 0)
			return strerror(errno);
		text->len += (size_t)got;
	} while (got > 0);
	return text->len < text->max ? NULL : strerror(EFBIG);
}

static bool
find_keys(const char *path, const char *name, const struct buf *text,
    struct cred_profile *profile, struct error *error)
{
	unsigned line;
	const char *wrong =
	    cred_profile_parse(text->data, text->len, name, profile, &line);
	bool by_default = strcmp(name, "default") == 0;

	if (wrong != NULL)
		return error_set(
		    error, CRED_BROKEN, "%s:%u: %s", path, line, wrong);
	if (!profile->found)
		return error_set(error,
		    by_default ? CRED_NOT_CONFIGURED : CRED_BROKEN,
		    "%s: no profile \"%s\"", path, name);
	if (secret_given(&profile->role) || secret_given(&profile->process))
		return error_set(error, CRED_BROKEN,
		    "%s: profile \"%s\" has a %s, which keyguard does not "
		    "follow",
		    path, name,
		    secret_given(&profile->role) ? "role_arn"
						 : "credential_process");
	return true;
}

bool
cred_file_read(const struct credentials_sources *sources, const char *path,
    bool optional, const char *source, struct credentials *ret_credentials,
    struct error *error)
{
	CLEANUP(close_at)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	CLEANUP(buf_wipe) struct buf text = BUF_INIT(FILE_MAX);
	CLEANUP(cred_profile_done) struct cred_profile profile = { 0 };
	CLEANUP(secret_done) struct secret name = { 0 };
	FREE_LATER char *where = NULL;
	const char *wrong;

	if (fd < 0)
		return error_set(error,
		    optional || errno == ENOENT ? CRED_NOT_CONFIGURED
						: CRED_BROKEN,
		    "%s: %s", path, strerror(errno));
	wrong = read_all(fd, &text);
	if (wrong != NULL)
		return error_set(error, CRED_BROKEN, "%s: %s", path, wrong);
	if (!cred_variable(sources, "AWS_PROFILE", &name))
		secret_set(&name, "default", strlen("default"));
	if (!find_keys(path, name.bytes, &text, &profile, error))
		return false;
	snprintf(ret_credentials->source, sizeof ret_credentials->source, "%s",
	    source);
	where = xasprintf("%s: profile \"%s\"", path, name.bytes);
	return cred_keys_check(&profile.keys, where, ret_credentials, error);
}

/* A path with "~/" at its beginning replaced by the home directory; NULL when
 * that is not known. The caller frees it. */
static char *
expand_home(const struct credentials_sources *sources, const char *path)
{
	CLEANUP(secret_done) struct secret home = { 0 };

	if (strncmp(path, "~/", 2) != 0)
		return xstrdup(path);
	if (!cred_variable(sources, "HOME", &home))
		return NULL;
	return xasprintf("%s/%s", home.bytes, path + 2);
}

bool
cred_file_load(const struct credentials_sources *sources,
    struct credentials *ret_credentials, struct error *error)
{
	CLEANUP(secret_done) struct secret given = { 0 };
	bool named =
	    cred_variable(sources, "AWS_SHARED_CREDENTIALS_FILE", &given);
	FREE_LATER char *path =
	    expand_home(sources, named ? given.bytes : "~/.aws/credentials");

	if (path == NULL)
		return error_set(error, CRED_NOT_CONFIGURED,
		    "shared credentials file: HOME is not set");
	return cred_file_read(sources, path, !named, "shared credentials file",
	    ret_credentials, error);
}
