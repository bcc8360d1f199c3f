/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each stage of signing against golden files: AWS's published suite where it
 * is present, and the project's own vectors (made by make_sigv4.py).
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sigv4.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define HEADERS_MAX 16

struct vector {
	char *folder;
	struct json_object *context;
	char *text; /* of request.txt, cut to pieces */
	char *method, *path, *query, *body;
	struct sigv4_header headers[HEADERS_MAX];
	size_t count;
	char hash[DIGEST_SHA256_HEX];
	char date[STAMP_AMZ];
	struct sigv4_scope scope;
	struct secret key;
};

/* A file of a case's folder; NULL when it is not there. */
static char *
load(const char *folder, const char *name)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);
	struct buf text = BUF_INIT(64 << 10);
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t len;

	if (file == NULL)
		return NULL;
	while ((len = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(&text, chunk, len);
	fclose(file);
	return buf_take(&text);
}

static void
add_header(struct vector *vector, const char *name, const char *value)
{
	ck_assert_uint_lt(vector->count + 1, HEADERS_MAX);
	vector->headers[vector->count++] = (struct sigv4_header){ name, value };
}

/* Takes a line off: to the next line break that no white space follows. */
static char *
next_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	while (end != NULL && (end[1] == ' ' || end[1] == '\t'))
		end = strchr(end + 1, '\n');
	*rest = end != NULL ? end + 1 : line + strlen(line);
	if (end != NULL)
		*end = '\0';
	return line;
}

static void
read_request(struct vector *vector)
{
	char *rest = vector->text, *line, *end;

	vector->method = next_line(&rest);
	vector->path = strchr(vector->method, ' ');
	*vector->path++ = '\0';
	/* There may be spaces in between: the last one ends it. */
	end = strrchr(vector->path, ' ');
	*end = '\0';
	vector->query = strchr(vector->path, '?');
	if (vector->query != NULL)
		*vector->query++ = '\0';
	else
		vector->query = end;
	while (*(line = next_line(&rest)) != '\0') {
		char *value = strchr(line, ':');

		*value++ = '\0';
		add_header(vector, line, value);
	}
	vector->body = rest;
}

static void
read_context(struct vector *vector)
{
	struct json_object *context = vector->context;
	bool sign_body = doc_bool(context, "sign_body", false);
	const char *key = doc_string(context, "credentials.secret_access_key");
	const char *token = doc_string(context, "credentials.token");
	const char *body = "";

	ck_assert(stamp_parse(
	    doc_string(context, "timestamp"), &vector->scope.wall_ms));
	vector->scope.region = doc_string(context, "region");
	vector->scope.service = doc_string(context, "service");
	secret_set(&vector->key, key, strlen(key));
	stamp_amz(vector->scope.wall_ms, vector->date);
	add_header(vector, "X-Amz-Date", vector->date);
	if (token != NULL && !doc_bool(context, "omit_session_token", false))
		add_header(vector, "X-Amz-Security-Token", token);
	if (sign_body || doc_bool(context, "hash_body", false))
		body = vector->body;
	digest_sha256_hex(body, strlen(body), vector->hash);
	if (sign_body)
		add_header(vector, "X-Amz-Content-SHA256", vector->hash);
}

static void
vector_done(struct vector *vector)
{
	doc_free(vector->context);
	secret_done(&vector->key);
	free(vector->text);
	free(vector->folder);
}

/* Compares with a golden file, if there is one. */
static void
compare(const struct vector *vector, const char *name, const char *made)
{
	FREE_LATER char *golden = load(vector->folder, name);

	if (golden != NULL && strcmp(golden, made) != 0)
		ck_abort_msg("%s/%s\nexpected:\n%s\nmade:\n%s", vector->folder,
		    name, golden, made);
}

static void
compare_authorization(const struct vector *vector,
    const struct sigv4_request *request, const char *signature)
{
	CLEANUP(buf_done) struct buf made = BUF_INIT(4096);
	FREE_LATER char *canonical =
	    load(vector->folder, "header-canonical-request.txt");
	FREE_LATER char *expected = NULL;
	char *hash = strrchr(canonical, '\n'), *names;

	*hash = '\0';
	names = strrchr(canonical, '\n') + 1;
	expected = xasprintf(
	    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%.8s/%s/%s/aws4_request, "
	    "SignedHeaders=%s, Signature=%s",
	    vector->date, vector->scope.region, vector->scope.service, names,
	    signature);
	ck_assert(sigv4_authorization(request, &vector->scope,
	    doc_string(vector->context, "credentials.access_key_id"),
	    &vector->key, &made, NULL));
	ck_assert_str_eq(buf_text(&made), expected);
}

static void
check_stages(const struct vector *vector)
{
	CLEANUP(buf_done) struct buf canonical = BUF_INIT(8192);
	CLEANUP(buf_done) struct buf to_sign = BUF_INIT(8192);
	struct sigv4_request request = {
		.method = vector->method,
		.path = vector->path,
		.query = vector->query,
		.headers = vector->headers,
		.payload_hash = vector->hash,
		.normalize_path = doc_bool(vector->context, "normalize", true),
	};
	unsigned char key[DIGEST_SHA256_BYTES];
	char hex[DIGEST_SHA256_HEX];

	ck_assert(sigv4_canonical(&request, &canonical));
	compare(vector, "header-canonical-request.txt", buf_text(&canonical));
	ck_assert(sigv4_string_to_sign(&vector->scope, &canonical, &to_sign));
	compare(vector, "header-string-to-sign.txt", buf_text(&to_sign));
	sigv4_key(&vector->key, &vector->scope, key);
	digest_hex(key, sizeof key, hex);
	compare(vector, "signing-key.txt", hex);
	sigv4_signature(key, &to_sign, hex);
	compare(vector, "header-signature.txt", hex);
	compare_authorization(vector, &request, hex);
}

static void
check_case(const char *suite, const char *name)
{
	CLEANUP(vector_done)
	struct vector vector = {
		.folder = xasprintf("%s/%s", suite, name),
	};
	FREE_LATER char *context = load(vector.folder, "context.json");

	vector.text = load(vector.folder, "request.txt");
	ck_assert_msg(context != NULL && vector.text != NULL, "%s is not whole",
	    vector.folder);
	vector.context = doc_parse(context, strlen(context), NULL);
	read_request(&vector);
	read_context(&vector);
	check_stages(&vector);
}

/* A case is a folder; LICENSE and NOTICE are files. */
static int
is_case(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strchr(entry->d_name, '-') != NULL;
}

/* Checks all cases of a suite; how many there were, -1 without a suite. */
static int
check_suite(const char *suite)
{
	struct dirent **cases;
	int count = scandir(suite, &cases, is_case, alphasort);

	for (int i = 0; i < count; i++) {
		check_case(suite, cases[i]->d_name);
		free(cases[i]);
	}
	if (count >= 0)
		free(cases);
	return count;
}

static const char *
top(void)
{
	return getenv("srcdir") != NULL ? getenv("srcdir") : ".";
}

START_TEST(stages_of_own_vectors)
{
	FREE_LATER char *suite = xasprintf("%s/tests/vectors/sigv4", top());

	ck_assert_int_eq(check_suite(suite), 5);
}
END_TEST

START_TEST(stages_of_published_vectors)
{
	const char *vectors = getenv("KEYGUARD_VECTORS");
	FREE_LATER char *suite = vectors != NULL
	    ? xasprintf("%s/sigv4", vectors)
	    : xasprintf("%s/../shared/vectors/sigv4", top());
	int count = check_suite(suite);

	if (count < 0)
		printf("# %s: skipped, vectors not present\n", suite);
	else
		ck_assert_int_eq(count, 38);
}
END_TEST

START_TEST(what_does_not_fit_is_an_error)
{
	CLEANUP(buf_done) struct buf small = BUF_INIT(100);
	CLEANUP(buf_done) struct buf large = BUF_INIT(1000);
	FREE_LATER char *token = xzalloc(40000);
	struct sigv4_header headers[] = { { "X-Amz-Security-Token", "t" },
		{ 0 } };
	struct sigv4_request request = { "POST", "/", "", headers, "", true };
	struct sigv4_scope scope = { 0, "us-east-1", "iam" };
	struct secret key = { 0 };
	struct error error;

	secret_set(&key, "key", 3);
	ck_assert(!sigv4_authorization(
	    &request, &scope, "AKID", &key, &small, &error));
	ck_assert_str_eq(error.name, "Aws.RequestTooLarge");
	memset(token, 't', 39999);
	headers[0].value = token;
	ck_assert(!sigv4_authorization(
	    &request, &scope, "AKID", &key, &large, &error));
	ck_assert_str_eq(error.name, "Aws.RequestTooLarge");
	ck_assert_ptr_null(strstr(error.cause, "tt"));
	secret_done(&key);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/sigv4");
	TCase *tests = tcase_create("sigv4");

	tcase_add_test(tests, stages_of_own_vectors);
	tcase_add_test(tests, stages_of_published_vectors);
	tcase_add_test(tests, what_does_not_fit_is_an_error);
	suite_add_tcase(suite, tests);
	return suite;
}
