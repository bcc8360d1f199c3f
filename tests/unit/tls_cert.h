/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate authority made at run time, and the certificates that servers
 * in tests show: a good one, and one for each way to be refused. Nothing is
 * left behind.
 */
#ifndef KG_TESTS_UNIT_TLS_CERT_H
#define KG_TESTS_UNIT_TLS_CERT_H

#include <openssl/ssl.h>

enum tls_cert {
	CERT_GOOD, /* for 127.0.0.1 and localhost */
	CERT_EXPIRED,
	CERT_OTHER_HOST,
	CERT_SELF_SIGNED,
	CERT_OLD_PROTOCOL, /* good, but spoken to by TLS 1.1 at most */
	CERT_NONE,         /* plain http */
};

struct tls_authority {
	EVP_PKEY *key;
	X509 *cert;
	int fd;
	char path[32]; /* of its certificate as a PEM file */
};

/* Makes an authority of that name; the caller frees it. */
struct tls_authority *tls_authority_new(const char *name);
void tls_authority_free(struct tls_authority *authority);

/* A server's context with a certificate of that kind, made by the authority
 * (all but the self-signed); NULL for CERT_NONE. The caller frees it. */
SSL_CTX *tls_cert_context(
    const struct tls_authority *authority, enum tls_cert kind);

#endif
