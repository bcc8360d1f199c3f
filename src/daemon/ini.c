/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of configuration files.
 */
#include "daemon/ini.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/buf.h"
#include "util/cleanup.h"

#define FILE_MAX ((size_t)1 << 20)

static void
close_file(FILE **file)
{
	if (*file != NULL)
		fclose(*file);
}

/* Cuts white space off both ends, in place. */
static char *
trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static bool
complain(struct buf *complaints, const struct ini_place *place,
    const char *what, const char *text)
{
	buf_printf(complaints, "%s:%d: %s: %s\n", place->file, place->line,
	    what, text);
	return false;
}

/* The state between lines is the section alone. */
struct reader {
	struct ini_place place;
	char *section; /* within the file's text; NULL before the first */
	ini_assign *assign;
	void *arg;
	struct buf *complaints;
};

static bool
read_section(struct reader *reader, char *line)
{
	size_t len = strlen(line);

	if (len < 3 || line[len - 1] != ']')
		return complain(
		    reader->complaints, &reader->place, "not a section", line);
	line[len - 1] = '\0';
	reader->section = trim(line + 1);
	reader->assign(
	    reader->arg, &reader->place, reader->section, NULL, NULL);
	return true;
}

static bool
read_line(struct reader *reader, char *line)
{
	char *equals;

	line = trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return true;
	if (*line == '[')
		return read_section(reader, line);
	equals = strchr(line, '=');
	if (equals == NULL || equals == line)
		return complain(reader->complaints, &reader->place,
		    "not `key = value`", line);
	if (reader->section == NULL)
		return complain(reader->complaints, &reader->place,
		    "stands before any section", line);
	*equals = '\0';
	reader->assign(reader->arg, &reader->place, reader->section, trim(line),
	    trim(equals + 1));
	return true;
}

static bool
slurp(const char *path, struct buf *text, struct buf *complaints)
{
	FILE *file CLEANUP(close_file) = fopen(path, "re");
	char chunk[4096];
	size_t got;

	if (file == NULL) {
		buf_printf(complaints, "%s: %s\n", path, strerror(errno));
		return false;
	}
	while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
		if (!buf_add(text, chunk, got))
			break;
	if (ferror(file) || !buf_ok(text)) {
		buf_printf(complaints, "%s: %s\n", path,
		    ferror(file) ? strerror(errno) : "larger than 1 MiB");
		return false;
	}
	if (memchr(buf_text(text), '\0', text->len) != NULL) {
		buf_printf(complaints, "%s: holds a NUL byte\n", path);
		return false;
	}
	return true;
}

bool
ini_read(
    const char *path, ini_assign *assign, void *arg, struct buf *complaints)
{
	struct buf text CLEANUP(buf_done) = BUF_INIT(FILE_MAX);
	struct reader reader = {
		.place = { .file = path },
		.assign = assign,
		.arg = arg,
		.complaints = complaints,
	};
	char *rest, *line;
	bool good = true;

	if (!slurp(path, &text, complaints))
		return false;
	rest = text.data;
	while ((line = strsep(&rest, "\n")) != NULL) {
		reader.place.line++;
		good = read_line(&reader, line) && good;
	}
	return good;
}
