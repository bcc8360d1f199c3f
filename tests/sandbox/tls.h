/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certification authority made at start, and the server's certificate, which
 * can be a bad one on request. Nothing of it but the CA's certificate is
 * written down.
 */
#ifndef KG_TESTS_SANDBOX_TLS_H
#define KG_TESTS_SANDBOX_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "util/error.h"

struct tls;

/* Makes the authority and a good certificate, valid around `now_ms`. */
struct tls *tls_new(int64_t now_ms);

/* Frees it; NULL is fine. Returns NULL. */
struct tls *tls_free(struct tls *tls);

/*
 * Makes another certificate for connections from now on: "good", "expired",
 * "not-yet", "self-signed" or "other-host". An error `Sandbox.BadCertificate`
 * for other kinds.
 */
bool tls_use(
    struct tls *tls, const char *kind, int64_t now_ms, struct error *error);

/* A new server's end of a connection; the caller frees it. */
SSL *tls_accept(struct tls *tls);

/* Writes the authority's certificate as PEM. */
bool tls_write_ca(const struct tls *tls, const char *path, struct error *error);

#endif
