/* SPDX-License-Identifier: Apache-2.0 */
/* Files that come to be as a whole or not at all. */
#include "ctl/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
enum { ENDS = sizeof ends / sizeof ends[0] };

bool
newfile_possible(const char *path)
{
	const char *slash = strrchr(path, '/');
	FREE_LATER char *folder = slash == NULL
	    ? xstrdup(".")
	    : xmemdup0(path, (size_t)(slash - path) + 1);
	struct stat there;

	if (lstat(path, &there) != 0)
		return errno == ENOENT && access(folder, W_OK | X_OK) == 0;
	errno = EEXIST;
	return false;
}

/* What is ignored stays so. */
static void
hold_signals(sigset_t *ret_before)
{
	struct sigaction action;
	sigset_t held;

	sigemptyset(&held);
	for (int i = 0; i < ENDS; i++)
		if (sigaction(ends[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&held, ends[i]);
	sigprocmask(SIG_BLOCK, &held, ret_before);
}

bool
newfile_unwanted(void)
{
	sigset_t waiting;
	bool told = false;

	sigpending(&waiting);
	for (int i = 0; i < ENDS; i++)
		told |= sigismember(&waiting, ends[i]) == 1;
	return told;
}

bool
newfile_open(struct newfile *newfile, const char *path)
{
	FREE_LATER char *name = xasprintf("%s.XXXXXX", path);
	int fd;

	newfile->path = path;
	hold_signals(&newfile->before);
	fd = mkstemp(name);
	if (fd < 0)
		return false;
	newfile->temporary = STEAL(name);
	newfile->file = fdopen(fd, "w");
	return newfile->file != NULL;
}

/* Not over a file that has come to be meanwhile; where the file system cannot
 * tell, newfile_possible has looked. */
static bool
give_name(const struct newfile *newfile)
{
	return renameat2(AT_FDCWD, newfile->temporary, AT_FDCWD, newfile->path,
		   RENAME_NOREPLACE) == 0 ||
	    (errno == EINVAL && rename(newfile->temporary, newfile->path) == 0);
}

bool
newfile_finish(struct newfile *newfile)
{
	if (fflush(newfile->file) != 0 || fsync(fileno(newfile->file)) != 0 ||
	    !give_name(newfile))
		return false;
	free(STEAL(newfile->temporary));
	return true;
}

void
newfile_close(struct newfile *newfile)
{
	if (newfile->path == NULL)
		return;
	if (newfile->file != NULL)
		fclose(newfile->file);
	if (newfile->temporary != NULL)
		unlink(newfile->temporary);
	free(newfile->temporary);
	sigprocmask(SIG_SETMASK, &newfile->before, NULL);
}
