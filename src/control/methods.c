/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of what can be called. */
#include "control/methods.h"

#include <string.h>

#include "control/varlink_interface.h"

static const struct method control_methods[] = {
	{ .name = "Inject", .start = method_inject, .lasting = true },
	{ .name = "Redrive", .start = method_redrive, .lasting = true },
	{ .name = "Retry", .start = method_retry, .lasting = true },
	{ .name = "Stop", .start = method_stop, .lasting = true },
	{ .name = "Resume", .start = method_resume, .lasting = true },
	{ .name = "List", .start = method_list },
	{ .name = "Describe", .start = method_describe },
	{ .name = "Watch", .start = method_watch, .live = true },
	{ .name = "Status", .start = method_status },
	{ .name = "Rejected", .start = method_rejected },
	{ .name = "Machine", .start = method_machine },
	{ .name = "Backup", .start = method_backup, .live = true },
	{ 0 },
};

static const struct method service_methods[] = {
	{ .name = "GetInfo", .start = service_get_info },
	{ .name = "GetInterfaceDescription",
	    .start = service_get_interface_description },
	{ 0 },
};

const struct interface methods_interfaces[] = {
	{ "io.keyguard.Control", varlink_interface, control_methods },
	{ "org.varlink.service", varlink_service, service_methods },
	{ 0 },
};

const struct interface *
methods_interface(const char *name, size_t len)
{
	const struct interface *interface = methods_interfaces;

	for (; interface->name != NULL; interface++)
		if (strlen(interface->name) == len &&
		    memcmp(interface->name, name, len) == 0)
			return interface;
	return NULL;
}

const struct method *
methods_find(const struct interface *interface, const char *name)
{
	const struct method *method = interface->methods;

	for (; method->name != NULL; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}
