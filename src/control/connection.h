/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of the control socket: reads its calls, answers them one after the
 * other in their order, and forgets all about it when it goes.
 */
#ifndef KG_CONTROL_CONNECTION_H
#define KG_CONTROL_CONNECTION_H

struct connection;
struct control_host;
struct who;

/* Serves the connected `fd` (taken over). `gone` is called once when the client
 * has left or was sent away, and a lasting call of his is done; the connection
 * is then still to be freed. */
struct connection *connection_new(const struct control_host *host,
    struct who *who, int fd,
    void (*gone)(void *arg, struct connection *connection), void *arg);

/* Closes and frees, with the call that is being answered. NULL is fine. */
void connection_free(struct connection *connection);

#endif
