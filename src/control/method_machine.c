/* SPDX-License-Identifier: Apache-2.0 */
/* Machine: the table that is at work, drawn. */
#include <string.h>

#include "aws/failure.h"
#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "machine/draw.h"
#include "machine/task.h"
#include "util/buf.h"
#include "util/doc.h"

#define DRAWING_MAX ((size_t)1 << 20)

static void
expand(const char *class_name, const struct task *task,
    void (*each)(void *arg, const char *name), void *arg)
{
	failure_expand(class_name, task->service, each, arg);
}

static void
draw_asl_expanded(const struct machine *machine, struct buf *out)
{
	draw_asl(machine, expand, out);
}

static const struct {
	const char *format;
	void (*draw)(const struct machine *machine, struct buf *out);
} drawings[] = {
	{ "text", draw_text },
	{ "dot", draw_dot },
	{ "asl", draw_asl_expanded },
};

void
method_machine(struct call *call, struct json_object *parameters)
{
	const char *format = doc_string(parameters, "format");
	CLEANUP(buf_done) struct buf drawing = BUF_INIT(DRAWING_MAX);
	struct json_object *doc = doc_object();
	size_t i = 0;

	/* The interface's definition lets no other format through. */
	while (format != NULL && strcmp(drawings[i].format, format) != 0)
		i++;
	drawings[i].draw(call->host->machine, &drawing);
	doc_put_string(doc, "drawing", buf_text(&drawing));
	call_reply(call, doc);
}
