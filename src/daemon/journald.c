/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal's sink.
 */
#include "daemon/journald.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "util/alloc.h"
#include "util/log.h"

#define FIELDS_MAX 16

static void
add(struct iovec *iov, int *count, const char *name, const char *value)
{
	char *text = xasprintf("%s=%s", name, value);

	iov[(*count)++] = (struct iovec){ text, strlen(text) };
}

static void
write_line(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	struct iovec iov[FIELDS_MAX];
	char priority[16];
	int n = 0;

	(void)self;
	snprintf(priority, sizeof priority, "%d", (int)level);
	add(iov, &n, "MESSAGE", text);
	add(iov, &n, "PRIORITY", priority);
	add(iov, &n, "SYSLOG_IDENTIFIER", "keyguardd");
	for (size_t i = 0; i < count && n < FIELDS_MAX; i++)
		if (fields[i].value != NULL)
			add(iov, &n, fields[i].name, fields[i].value);
	sd_journal_sendv(iov, n);
	while (n > 0)
		free(iov[--n].iov_base);
}

bool
journald_bind(void)
{
	static const struct log_sink sink = { .write = write_line };
	const char *stream = getenv("JOURNAL_STREAM");
	uint64_t device, inode;
	struct stat at;

	if (stream == NULL ||
	    sscanf(stream, "%" SCNu64 ":%" SCNu64, &device, &inode) != 2 ||
	    fstat(STDERR_FILENO, &at) < 0 || at.st_dev != device ||
	    at.st_ino != inode)
		return false;
	log_bind(&sink);
	return true;
}
