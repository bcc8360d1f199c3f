/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificate authorities that are trusted, as one OpenSSL store that all
 * connections share: read once, never per handshake (curl's own way costs
 * megabytes and tens of milliseconds each time). Private to loop/http.
 */
#ifndef KG_LOOP_HTTP_TRUST_H
#define KG_LOOP_HTTP_TRUST_H

#include <openssl/x509.h>

#include "util/error.h"

/*
 * Reads a PEM file, or the system's roots for NULL. The caller owns the store
 * (X509_STORE_free). NULL and `Config.TrustStore` when there is none to read.
 */
X509_STORE *http_trust_load(const char *ca_bundle, struct error *error);

/* A store without any authority, which the caller owns. */
X509_STORE *http_trust_nobody(void);

#endif
