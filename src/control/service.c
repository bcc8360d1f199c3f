/* SPDX-License-Identifier: Apache-2.0 */
/* What every Varlink service answers: org.varlink.service. */
#include <string.h>

#include "control/call.h"
#include "control/methods.h"
#include "control/varlink.h"
#include "util/doc.h"

void
service_get_info(struct call *call, struct json_object *parameters)
{
	struct json_object *doc = doc_object(), *names = doc_array();
	const struct interface *interface = methods_interfaces;

	(void)parameters;
	for (; interface->name != NULL; interface++)
		doc_push(names, doc_new_string(interface->name));
	doc_put_string(doc, "vendor", "keyguard");
	doc_put_string(doc, "product", "keyguardd");
	doc_put_string(doc, "version", PACKAGE_VERSION);
	doc_put_string(doc, "url", PACKAGE_URL);
	doc_put(doc, "interfaces", names);
	call_reply(call, doc);
}

void
service_get_interface_description(
    struct call *call, struct json_object *parameters)
{
	const char *name = doc_string(parameters, "interface");
	const struct interface *interface =
	    methods_interface(name, strlen(name));
	struct json_object *doc;

	if (interface == NULL) {
		call_fail_with(
		    call, VARLINK_INTERFACE_NOT_FOUND, "interface", name);
		return;
	}
	doc = doc_object();
	doc_put_string(doc, "description", interface->definition);
	call_reply(call, doc);
}
