/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl machine: the drawing as the daemon gives it. Amazon States
 * Language is JSON already, so it is what --json prints.
 */
#include <string.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/alloc.h"
#include "util/doc.h"

/* The drawing, line by line. */
static void
print_drawing(const struct ctl *ctl, const char *drawing)
{
	while (*drawing != '\0') {
		size_t len = strcspn(drawing, "\n");
		FREE_LATER char *line = xmemdup0(drawing, len);
		FREE_LATER char *clean = print_clean(line);

		fprintf(ctl->out, "%s\n", clean);
		drawing += len + (drawing[len] == '\n');
	}
}

int
verb_machine(const struct ctl *ctl, const struct words *words)
{
	const char *format = words_get(words, "--format"), *drawing;
	struct json_object *parameters;
	DOC_LATER struct json_object *reply = NULL;
	int status;

	if (format == NULL)
		format = ctl->json ? "asl" : "text";
	if (ctl->json && strcmp(format, "asl") != 0) {
		ctl_complain(ctl, "--format %s is no JSON", format);
		return CTL_USAGE;
	}
	parameters = doc_object();
	doc_put_string(parameters, "format", format);
	status = ask(ctl, "Machine", parameters, &reply);
	if (status != CTL_DONE)
		return status;
	drawing = doc_string(reply, "drawing");
	print_drawing(ctl, drawing == NULL ? "" : drawing);
	return CTL_DONE;
}
