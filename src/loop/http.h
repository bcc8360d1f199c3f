/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP and TLS: libcurl's multi interface on the loop. Nobody else knows
 * curl. Certificates are always verified; plain http goes to loopback
 * alone; redirects are never followed; answers are capped. Proxies are taken
 * from the environment, never for loopback.
 *
 * Life of a request: http_send returns a handle and never calls back before
 * it returns; then exactly one callback, at whose time the handle is dead
 * already; or http_cancel, after which nothing is called. A curl handle exists
 * only while a request is on the wire; connections are kept and used again
 * within a minute. When a kept one turns out to have been closed without an
 * answer, curl sends the request once more on a fresh one: what must not
 * happen twice has to be safe to repeat.
 */
#ifndef KG_LOOP_HTTP_H
#define KG_LOOP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct http;
struct http_request; /* a request under way */
struct loop;

struct http_header {
	const char *name;
	const char *value;
};

struct http_message {
	const char *method;                /* "POST", "GET", "PUT" */
	const char *url;                   /* absolute, already encoded */
	const struct http_header *headers; /* ended by a NULL name */
	const char *body;                  /* NULL: none */
	size_t body_len;
	int64_t timeout_ms;         /* of the whole transfer */
	int64_t connect_timeout_ms; /* 0: 5 s */
	size_t max_answer;          /* bytes of body that are accepted */
	bool no_proxy;
};

struct http_answer {
	int status;       /* 100 to 599 */
	const char *body; /* NUL-terminated; never NULL */
	size_t body_len;
	/* Values of headers that matter, NULL when absent. */
	const char *request_id;   /* x-amzn-RequestId, or x-amz-request-id */
	const char *error_type;   /* x-amzn-errortype */
	const char *query_error;  /* x-amzn-query-error */
	const char *content_type; /* Content-Type */
	int64_t date_ms; /* of the Date header; 0 when absent or with an Age */
	int64_t sent_wall_ms;
	int64_t elapsed_ms; /* from sending to the end of the answer */
};

/*
 * Called once. `answer` is NULL when there was none, then `error` says why:
 * Http.NameNotResolved, Http.ConnectFailed, Http.Timeout, Http.Reset,
 * Http.TlsFailed (all CLASS_TRANSIENT), Http.CertificateRefused (CLASS_NONE,
 * the cause says expired, self-signed, another host...), Http.AnswerTooLarge
 * (CLASS_NONE), Http.Malformed (CLASS_TRANSIENT). Any status is an answer.
 */
typedef void http_done(
    void *arg, const struct http_answer *answer, const struct error *error);

/*
 * A client on the loop. `ca_bundle`: a PEM file in place of the system's
 * roots, NULL for the system's. The trust store is read once, here. NULL and
 * an error (`Config.TrustStore`) when the file cannot be read; a system that
 * has no roots is warned of, and trusts nobody until a reload.
 */
struct http *http_new(
    struct loop *loop, const char *ca_bundle, struct error *error);

/* Reads the trust store anew; on failure the old one stays. */
bool http_reload_trust(
    struct http *http, const char *ca_bundle, struct error *error);

/* Frees the client; requests under way are cancelled. NULL is fine. */
void http_free(struct http *http);

/* Sends; everything is copied that must outlive the call. The refusal of a
 * URL (`Http.BadUrl`, http beyond loopback) or of a header with a line break
 * (`Http.BadHeader`) also comes by the callback. */
struct http_request *http_send(struct http *http,
    const struct http_message *message, http_done *done, void *arg);

/* Ends a request without a callback. */
void http_cancel(struct http_request *request);

/* ---- what curl parses for others ---- */

/* Gives curl our malloc: before the first URL, lest the lack of memory be taken
 * for a bad one. */
void http_init(void);

struct http_url {
	char scheme[8]; /* "https" or "http" */
	char host[256]; /* lower case, without brackets */
	int port;       /* the scheme's default when not given */
	bool default_port;
	char path[1024]; /* "/" at least */
	bool loopback;   /* 127.0.0.0/8, ::1 or localhost */
};

/* Parses an absolute http(s) URL without user, query or fragment; false with
 * an error (`Http.BadUrl`) otherwise, also for http beyond loopback. */
bool http_url_parse(
    const char *text, struct http_url *ret_url, struct error *error);

/* Parses an HTTP date; 0 when it is none. Milliseconds since the epoch. */
int64_t http_date_parse(const char *text);

#endif
