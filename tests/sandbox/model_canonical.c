/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From request to signature, step by step as the AWS General Reference tells
 * it for every service but S3: paths are normalised and encoded once more.
 */
#include "sandbox/model_canonical.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "sandbox/model_form.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define QUERY_MAX 64 /* parameters */

const char *
header_value(const struct model_request *request, const char *name)
{
	const struct model_header *header = request->headers;

	for (; header->name != NULL; header++)
		if (strcasecmp(header->name, name) == 0)
			return header->value;
	return NULL;
}

static void
hex(const unsigned char *bytes, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "%02x", bytes[i]);
}

static void
add_sha256(const void *bytes, size_t len, struct buf *out)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes == NULL ? (const void *)"" : bytes, len, digest);
	hex(digest, sizeof digest, out);
}

/* Goes one segment of a path further: out of it, into it, or nowhere. */
static void
walk(char *path, const char *segment, size_t len)
{
	char *last;

	if (len == 0 || (len == 1 && *segment == '.'))
		return;
	if (len == 2 && memcmp(segment, "..", 2) == 0) {
		last = strrchr(path, '/');
		if (last != NULL)
			*last = '\0';
		return;
	}
	strcat(path, "/");
	strncat(path, segment, len);
}

static void
add_path(const char *target, struct buf *out)
{
	size_t len = strcspn(target, "?");
	FREE_LATER char *path = xzalloc(len + 2);

	for (size_t at = 0; at < len;) {
		size_t segment = strcspn(target + at, "/?");

		walk(path, target + at, segment);
		at += segment + 1;
	}
	if (*path == '\0' || (len > 0 && target[len - 1] == '/'))
		strcat(path, "/");
	form_escape(out, path, "/");
}

struct pair {
	struct buf name;
	struct buf value;
};

static int
compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int by_name = strcmp(buf_text(&a->name), buf_text(&b->name));

	return by_name != 0 ? by_name
			    : strcmp(buf_text(&a->value), buf_text(&b->value));
}

static void
add_escaped(struct buf *out, const char *text, size_t len)
{
	FREE_LATER char *plain = form_unescape(text, len, false);

	*out = (struct buf)BUF_INIT(1 << 16);
	form_escape(out, plain == NULL ? "" : plain, "");
}

static size_t
split_query(const char *query, struct pair pairs[QUERY_MAX])
{
	size_t count = 0;

	while (*query != '\0' && count < QUERY_MAX) {
		size_t len = strcspn(query, "&");
		size_t name = strcspn(query, "=&");
		size_t value = name < len ? len - name - 1 : 0;

		add_escaped(&pairs[count].name, query, name);
		add_escaped(&pairs[count].value, query + len - value, value);
		count += len > 0;
		query += len + (query[len] == '&');
	}
	return count;
}

static void
add_query(const char *target, struct buf *out)
{
	const char *mark = strchr(target, '?');
	struct pair pairs[QUERY_MAX];
	size_t count = split_query(mark == NULL ? "" : mark + 1, pairs);

	qsort(pairs, count, sizeof pairs[0], compare_pairs);
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "%s%s=%s", i == 0 ? "" : "&",
		    buf_text(&pairs[i].name), buf_text(&pairs[i].value));
		buf_done(&pairs[i].name);
		buf_done(&pairs[i].value);
	}
}

/* A value without white space around it and single spaces within. */
static void
add_trimmed(const char *value, struct buf *out)
{
	bool gap = false, begun = false;

	for (; *value != '\0'; value++) {
		if (isspace((unsigned char)*value)) {
			gap = begun;
			continue;
		}
		if (gap)
			buf_puts(out, " ");
		buf_add(out, value, 1);
		gap = false;
		begun = true;
	}
}

/* The line of one signed header; false when it did not arrive. */
static bool
add_header(
    const struct model_request *request, const char *name, struct buf *out)
{
	const struct model_header *header = request->headers;
	bool found = false;

	buf_printf(out, "%s:", name);
	for (; header->name != NULL; header++) {
		if (strcasecmp(header->name, name) != 0)
			continue;
		if (found)
			buf_puts(out, ",");
		add_trimmed(header->value, out);
		found = true;
	}
	buf_puts(out, "\n");
	return found;
}

static bool
add_headers(const struct model_request *request, const char *signed_headers,
    struct buf *out)
{
	FREE_LATER char *names = xstrdup(signed_headers);
	char *rest = NULL;
	const char *before = "";

	for (char *name = strtok_r(names, ";", &rest); name != NULL;
	     name = strtok_r(NULL, ";", &rest)) {
		if (strcmp(before, name) >= 0 ||
		    !add_header(request, name, out))
			return false;
		before = name;
	}
	return true;
}

bool
canonical_request(const struct model_request *request,
    const char *signed_headers, struct buf *out)
{
	buf_printf(out, "%s\n", request->method);
	add_path(request->target, out);
	buf_puts(out, "\n");
	add_query(request->target, out);
	buf_puts(out, "\n");
	if (!add_headers(request, signed_headers, out))
		return false;
	buf_printf(out, "\n%s\n", signed_headers);
	add_sha256(request->body, request->body_len, out);
	return buf_ok(out);
}

void
canonical_to_sign(const struct buf *canonical, const char *stamp,
    const char *scope, struct buf *out)
{
	buf_printf(out, "AWS4-HMAC-SHA256\n%s\n%s\n", stamp, scope);
	add_sha256(canonical->data, canonical->len, out);
}

/* Replaces the key by the HMAC of the text under it. */
static void
chain(unsigned char key[SHA256_DIGEST_LENGTH], const char *text, size_t len)
{
	unsigned char next[SHA256_DIGEST_LENGTH];

	HMAC(EVP_sha256(), key, SHA256_DIGEST_LENGTH,
	    (const unsigned char *)text, len, next, NULL);
	memcpy(key, next, sizeof next);
}

void
canonical_signature(const struct buf *to_sign, const char *secret,
    const char *scope, char out[SIGNATURE_HEX])
{
	FREE_LATER char *first = xasprintf("AWS4%s", secret);
	unsigned char key[SHA256_DIGEST_LENGTH];
	size_t len = strcspn(scope, "/");
	struct buf text = BUF_INIT(SIGNATURE_HEX);

	HMAC(EVP_sha256(), first, (int)strlen(first),
	    (const unsigned char *)scope, len, key, NULL);
	while (scope[len] != '\0') {
		scope += len + 1;
		len = strcspn(scope, "/");
		chain(key, scope, len);
	}
	chain(key, buf_text(to_sign), to_sign->len);
	hex(key, sizeof key, &text);
	memcpy(out, buf_text(&text), SIGNATURE_HEX);
	buf_done(&text);
}
