/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of the control socket, for a program that has nothing else to
 * do than to wait for it, but not for ever. Errors say what to do about them.
 */
#ifndef KG_CTL_CLIENT_H
#define KG_CTL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "control/varlink.h"
#include "util/buf.h"
#include "util/error.h"

struct client {
	int fd; /* -1: not connected */
	int patience_ms;
	struct buf in;
};

/* A client that is not connected. */
struct client client_init(int patience_ms);

/* Hangs up and frees. */
void client_done(struct client *client);

/* Connects to `path`, anew if it was connected: `Ctl.NoDaemon`. */
bool client_connect(
    struct client *client, const char *path, struct error *error);

/* Sends a call. Takes `parameters` (NULL: none). `Ctl.Lost`, or
 * `Ctl.TooLong` before anything is sent. */
bool client_call(struct client *client, const char *method,
    struct json_object *parameters, bool more, struct error *error);

/*
 * Waits for a reply as long as the patience lasts, or with `forever` until the
 * daemon hangs up. `Ctl.Lost`, `Ctl.Silent`. The caller ends the reply with
 * varlink_reply_done.
 */
bool client_reply(struct client *client, bool forever,
    struct varlink_reply *ret, struct error *error);

#endif
