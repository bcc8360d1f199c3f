/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be called: the methods of our interfaces. A method is started with
 * parameters that the interface's definition allows, which are borrowed until
 * `start` returns.
 */
#ifndef KG_CONTROL_METHODS_H
#define KG_CONTROL_METHODS_H

#include <stdbool.h>
#include <stddef.h>

struct call;
struct json_object;

typedef void method_start(struct call *call, struct json_object *parameters);

struct method {
	const char *name; /* "List"; NULL ends a table */
	method_start *start;
	bool live;    /* answers only calls with `more` */
	bool lasting; /* goes on to its end when the client has gone */
};

struct interface {
	const char *name;       /* "io.keyguard.Control" */
	const char *definition; /* its text */
	const struct method *methods;
};

/* All of them, ended by an empty one. */
extern const struct interface methods_interfaces[];

/* The interface of that name (`len` bytes), or NULL. */
const struct interface *methods_interface(const char *name, size_t len);

/* The method of that name, or NULL. */
const struct method *methods_find(
    const struct interface *interface, const char *name);

/* Each in a file of its own, method_<name>.c; service.c has the last two. */
method_start method_backup;
method_start method_describe;
method_start method_inject;
method_start method_list;
method_start method_machine;
method_start method_redrive;
method_start method_rejected;
method_start method_resume;
method_start method_retry;
method_start method_status;
method_start method_stop;
method_start method_watch;
method_start service_get_info;
method_start service_get_interface_description;

#endif
