/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 1 of Signature Version 4: the canonical request, where all the rules
 * about order, white space and encoding are (aws-protocols 1.1 to 1.4).
 */
#include "aws/sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/percent.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* ---- the path ---- */

struct segment {
	const char *text;
	size_t len;
};

static bool
is_dots(const struct segment *segment, const char *dots)
{
	return segment->len == strlen(dots) &&
	    memcmp(segment->text, dots, segment->len) == 0;
}

/* Splits a path at its slashes; with `normalize` empty segments and "." go,
 * and ".." takes the one before it along. Returns how many stay. */
static size_t
split_path(const char *path, bool normalize, struct segment *segments)
{
	size_t count = 0;

	while (*path != '\0') {
		struct segment segment = { path, strcspn(path, "/") };

		path += segment.len;
		path += *path == '/';
		if (normalize && is_dots(&segment, ".."))
			count -= count > 0;
		else if (!normalize ||
		    (segment.len > 0 && !is_dots(&segment, ".")))
			segments[count++] = segment;
	}
	return count;
}

static void
add_path(const struct sigv4_request *request, struct buf *out)
{
	const char *path = request->path + (*request->path == '/');
	size_t len = strlen(path);
	FREE_LATER struct segment *segments =
	    xcalloc(len + 1, sizeof *segments);
	size_t count = split_path(path, request->normalize_path, segments);

	for (size_t i = 0; i < count; i++) {
		buf_puts(out, "/");
		percent_encode(segments[i].text, segments[i].len, out);
	}
	if (count == 0 || path[len - 1] == '/')
		buf_puts(out, "/");
}

/* ---- the query ---- */

struct parameter {
	char *name, *value; /* encoded */
};

static int
compare_parameters(const void *left, const void *right)
{
	const struct parameter *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : strcmp(a->value, b->value);
}

static char *
encoded(const char *text, size_t len, size_t max)
{
	struct buf out = BUF_INIT(max);

	percent_normalize(text, len, &out);
	return buf_take(&out);
}

/* Encodes the parameters of a query; one that does not fit has a NULL. */
static size_t
split_query(const char *query, size_t max, struct parameter *parameters)
{
	size_t count = 0;

	while (*query != '\0') {
		size_t len = strcspn(query, "&");
		size_t name = strcspn(query, "&=");
		size_t value = name < len ? name + 1 : len;

		if (len > 0)
			parameters[count++] = (struct parameter){
				encoded(query, name, max),
				encoded(query + value, len - value, max),
			};
		query += len;
		query += *query == '&';
	}
	return count;
}

static void
add_query(const char *query, struct buf *out)
{
	FREE_LATER struct parameter *parameters =
	    xcalloc(strlen(query) + 1, sizeof *parameters);
	/* Encoded, no part is longer than three times the whole: it fits. */
	size_t count = split_query(query, 3 * strlen(query) + 1, parameters);

	qsort(parameters, count, sizeof *parameters, compare_parameters);
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "%s%s=%s", i > 0 ? "&" : "", parameters[i].name,
		    parameters[i].value);
		free(parameters[i].name);
		free(parameters[i].value);
	}
}

/* ---- the headers ---- */

/* Sorts by name alone, so that those of one name stay in wire order. */
static size_t
sort_headers(
    const struct sigv4_header *headers, const struct sigv4_header **sorted)
{
	size_t count = 0;

	for (; headers[count].name != NULL; count++) {
		size_t at = count;

		while (at > 0 &&
		    strcasecmp(sorted[at - 1]->name, headers[count].name) > 0) {
			sorted[at] = sorted[at - 1];
			at--;
		}
		sorted[at] = &headers[count];
	}
	return count;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
add_lower(const char *name, struct buf *out)
{
	for (; *name != '\0'; name++) {
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		buf_add(out, &c, 1);
	}
}

/* Appends a value trimmed, each inner run of white space as one space. */
static void
add_value(const char *value, struct buf *out)
{
	bool inside = false;

	while (*value != '\0') {
		size_t len = 0;

		while (is_space(*value))
			value++;
		while (value[len] != '\0' && !is_space(value[len]))
			len++;
		if (len > 0 && inside)
			buf_puts(out, " ");
		buf_add(out, value, len);
		inside = true;
		value += len;
	}
}

/* Whether the i-th is of the name before it. */
static bool
is_repeated(const struct sigv4_header *const *sorted, size_t i)
{
	return i > 0 && strcasecmp(sorted[i - 1]->name, sorted[i]->name) == 0;
}

static void
add_headers(
    const struct sigv4_header *const *sorted, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		if (is_repeated(sorted, i)) {
			buf_puts(out, ",");
		} else {
			buf_puts(out, i > 0 ? "\n" : "");
			add_lower(sorted[i]->name, out);
			buf_puts(out, ":");
		}
		add_value(sorted[i]->value, out);
	}
	buf_puts(out, "\n");
}

static void
add_names(
    const struct sigv4_header *const *sorted, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		if (is_repeated(sorted, i))
			continue;
		buf_puts(out, i > 0 ? ";" : "");
		add_lower(sorted[i]->name, out);
	}
}

static size_t
count_headers(const struct sigv4_header *headers)
{
	size_t count = 0;

	while (headers[count].name != NULL)
		count++;
	return count;
}

bool
sigv4_canonical(const struct sigv4_request *request, struct buf *out)
{
	FREE_LATER const struct sigv4_header **sorted =
	    xcalloc(count_headers(request->headers) + 1, sizeof *sorted);
	size_t count = sort_headers(request->headers, sorted);

	buf_printf(out, "%s\n", request->method);
	add_path(request, out);
	buf_puts(out, "\n");
	add_query(request->query, out);
	buf_puts(out, "\n");
	add_headers(sorted, count, out);
	buf_puts(out, "\n");
	add_names(sorted, count, out);
	buf_printf(out, "\n%s", request->payload_hash);
	return buf_ok(out);
}
