/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket in the file system: who may use it is its mode and group.
 */
#ifndef KG_DAEMON_SOCKET_H
#define KG_DAEMON_SOCKET_H

#include "util/error.h"

/*
 * Binds and listens at `path`, mode 0660 and `group`; for group "" 0600, and
 * with a warning when that group is not there or not ours to give. A socket
 * left behind by a dead daemon is replaced; `Daemon.AlreadyRunning` when one
 * answers there, `Daemon.Socket` for all else. -1 then.
 */
int socket_bind(const char *path, const char *group, struct error *error);

#endif
