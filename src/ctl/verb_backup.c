/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl backup: a copy of the store. The daemon may not write where we
 * may, nor could we own what it wrote; so it hands the copy over.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/ctl.h"
#include "ctl/newfile.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/base64.h"
#include "util/doc.h"

struct backup {
	const struct ctl *ctl;
	const char *path;
	struct newfile newfile;
	FILE *file;    /* where it goes; NULL: it does not come yet */
	int64_t bytes; /* that there will be */
	int64_t written;
};

static bool
complain(const struct backup *backup)
{
	ctl_complain(backup->ctl, "%s: %s", backup->path, strerror(errno));
	return false;
}

static bool
to_standard_output(const struct backup *backup)
{
	return strcmp(backup->path, "-") == 0;
}

/* What is sure to go wrong is told before the daemon makes a copy. */
static bool
check(const struct backup *backup)
{
	if (!to_standard_output(backup))
		return newfile_possible(backup->path) || complain(backup);
	if (backup->ctl->width == 0 && !backup->ctl->json)
		return true;
	ctl_complain(backup->ctl,
	    "a copy of the store is neither text nor JSON: name a file, or "
	    "redirect the standard output");
	return false;
}

/* ---- what comes ---- */

static bool
open_file(struct backup *backup)
{
	if (to_standard_output(backup)) {
		backup->file = backup->ctl->out;
		return true;
	}
	if (!newfile_open(&backup->newfile, backup->path))
		return complain(backup);
	backup->file = backup->newfile.file;
	return true;
}

static bool
write_piece(struct backup *backup, const char *piece)
{
	size_t len;
	FREE_LATER void *bytes =
	    piece == NULL ? NULL : base64_decode(piece, &len);

	if (bytes == NULL) {
		ctl_complain(backup->ctl, "the daemon sent what is no piece");
		return false;
	}
	backup->written += (int64_t)len;
	return fwrite(bytes, 1, len, backup->file) == len || complain(backup);
}

static bool
finish(struct backup *backup)
{
	if (backup->file == NULL || backup->written != backup->bytes) {
		ctl_complain(backup->ctl,
		    "the copy is not whole: %" PRId64 " of %" PRId64 " bytes",
		    backup->written, backup->bytes);
		return false;
	}
	return to_standard_output(backup) || newfile_finish(&backup->newfile) ||
	    complain(backup);
}

/* -1 to go on, or how to exit. */
static int
take(struct backup *backup, const struct varlink_reply *reply)
{
	bool good;

	if (reply->error != NULL)
		return ask_refused(backup->ctl, reply);
	if (!reply->continues) {
		good = finish(backup);
	} else if (backup->file == NULL) {
		backup->bytes = doc_int(reply->parameters, "bytes", 0);
		good = open_file(backup);
	} else {
		good =
		    write_piece(backup, doc_string(reply->parameters, "piece"));
	}
	if (!good || newfile_unwanted())
		return CTL_FAILED;
	return reply->continues ? -1 : CTL_DONE;
}

/* To make the copy takes as long as it takes; then it comes at once. */
static int
receive(struct backup *backup, struct client *client)
{
	struct varlink_reply reply;
	struct error error;
	int status = -1;

	if (!client_connect(client, backup->ctl->socket, &error) ||
	    !client_call(
		client, "io.keyguard.Control.Backup", NULL, true, &error))
		return ask_failed(backup->ctl, &error);
	while (status < 0) {
		if (!client_reply(client, backup->file == NULL, &reply, &error))
			return ask_failed(backup->ctl, &error);
		status = take(backup, &reply);
		varlink_reply_done(&reply);
	}
	return status;
}

static void
print(const struct backup *backup)
{
	DOC_LATER struct json_object *doc = doc_object();
	FREE_LATER char *path = print_clean(backup->path);

	if (backup->ctl->json) {
		doc_put_string(doc, "file", backup->path);
		doc_put_int(doc, "bytes", backup->bytes);
		print_json(backup->ctl, doc);
	} else {
		fprintf(backup->ctl->out, "%s: %" PRId64 " bytes\n", path,
		    backup->bytes);
	}
}

int
verb_backup(const struct ctl *ctl, const struct words *words)
{
	CLEANUP(client_done)
	struct client client = client_init(ctl->patience_ms);
	struct backup backup = {
		.ctl = ctl,
		.path = words_get(words, "FILE"),
	};
	int status;

	if (!check(&backup))
		return CTL_USAGE;
	status = receive(&backup, &client);
	newfile_close(&backup.newfile);
	if (status == CTL_DONE && !to_standard_output(&backup))
		print(&backup);
	return status;
}
