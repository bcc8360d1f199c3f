/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binding the control socket.
 */
#include "daemon/socket.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/log.h"

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int
unix_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path,
	    strnlen(path, sizeof address->sun_path - 1));
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Whether somebody listens there. */
static bool
answers(const char *path)
{
	struct sockaddr_un address;
	int fd CLEANUP(close_fd) = unix_socket(path, &address);

	return fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

/* Opens it to the group, if that can be done. */
static void
share(const char *path, const char *group)
{
	const struct group *entry;

	if (*group == '\0')
		return;
	entry = getgrnam(group);
	if (entry == NULL)
		log_line(LEVEL_WARNING,
		    "control socket: no group '%s' here; only the daemon's "
		    "own user and root may use it",
		    group);
	else if (chown(path, (uid_t)-1, entry->gr_gid) < 0 ||
	    chmod(path, 0660) < 0)
		log_line(LEVEL_WARNING,
		    "control socket: can not be given to group '%s' (%s); "
		    "only the daemon's own user and root may use it",
		    group, strerror(errno));
}

static bool
replace_dead(const char *path, struct error *error)
{
	struct stat at;

	if (lstat(path, &at) < 0)
		return true;
	if (!S_ISSOCK(at.st_mode))
		return error_set(error, "Daemon.Socket",
		    "%s is there and is no socket", path);
	if (answers(path))
		return error_set(error, "Daemon.AlreadyRunning",
		    "another keyguardd answers at %s", path);
	unlink(path);
	return true;
}

int
socket_bind(const char *path, const char *group, struct error *error)
{
	struct sockaddr_un address;
	mode_t before;
	int fd, bound;

	if (!replace_dead(path, error))
		return -1;
	fd = unix_socket(path, &address);
	before = umask(0177);
	bound =
	    fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof address);
	umask(before);
	if (bound < 0 || listen(fd, 64) < 0) {
		error_set(
		    error, "Daemon.Socket", "%s: %s", path, strerror(errno));
		close_fd(&fd);
		return -1;
	}
	share(path, group);
	return fd;
}
