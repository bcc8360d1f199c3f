/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core among its neighbours: control socket, signals and systemd. One call
 * that is the daemon's whole life.
 */
#ifndef KG_DAEMON_WIRING_H
#define KG_DAEMON_WIRING_H

struct config;

/*
 * Runs until SIGTERM or SIGINT, or until it makes no sense to go on. `file` is
 * read again on SIGHUP. Returns the exit status: 0 or 1.
 */
int wiring_run(struct config *config, const char *file);

#endif
