/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl inject: an event from a file. It is sent as it is: what is no
 * event the daemon refuses, by the same rules as for the queue.
 */
#include <errno.h>
#include <string.h>

#include "control/varlink.h"
#include "ctl/act.h"
#include "ctl/ctl.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/buf.h"
#include "util/doc.h"
#include "util/utf8.h"

static bool
read_all(FILE *file, struct buf *text)
{
	char bytes[65536];
	size_t len;

	while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
		buf_add(text, bytes, len);
	return ferror(file) == 0;
}

static bool
read_file(const struct ctl *ctl, const char *path, struct buf *text)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *file = standard ? stdin : fopen(path, "re");
	bool good = file != NULL && read_all(file, text);

	if (!good)
		ctl_complain(ctl, "%s: %s", path, strerror(errno));
	if (file != NULL && !standard)
		fclose(file);
	return good;
}

/* Whether it can be sent as text at all. */
static bool
check(const struct ctl *ctl, const char *path, const struct buf *text)
{
	if (!buf_ok(text))
		ctl_complain(ctl, "%s: larger than %zu MiB", path,
		    VARLINK_MAX_CALL >> 20);
	else if (strlen(buf_text(text)) != text->len ||
	    !utf8_valid(buf_text(text)))
		ctl_complain(ctl, "%s: no UTF-8 text", path);
	else
		return true;
	return false;
}

int
verb_inject(const struct ctl *ctl, const struct words *words)
{
	const char *path = words_get(words, "FILE");
	CLEANUP(buf_done) struct buf event = BUF_INIT(VARLINK_MAX_CALL);
	struct json_object *parameters;

	if (!read_file(ctl, path, &event) || !check(ctl, path, &event))
		return CTL_USAGE;
	parameters = doc_object();
	doc_put_string(parameters, "event", buf_text(&event));
	return act(ctl, "Inject", parameters,
	    words_get(words, "--wait") != NULL, "keyguardctl list");
}
