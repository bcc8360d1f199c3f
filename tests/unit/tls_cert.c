/* SPDX-License-Identifier: Apache-2.0 */
/* Makes certificates by OpenSSL; P-256 keys, so that it takes a moment. */
#include "unit/tls_cert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define HOUR 3600L

static void
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	ck_assert_ptr_nonnull(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

/* An unsigned certificate, valid from an hour before `end` seconds from now. */
static X509 *
draft(EVP_PKEY *key, const char *name, long end)
{
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), random());
	X509_gmtime_adj(X509_getm_notBefore(cert), end - 2 * HOUR);
	X509_gmtime_adj(X509_getm_notAfter(cert), end);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_pubkey(cert, key);
	return cert;
}

static void
sign(X509 *cert, X509 *issuer, EVP_PKEY *key)
{
	X509_set_issuer_name(cert, X509_get_subject_name(issuer));
	ck_assert_int_gt(X509_sign(cert, key, EVP_sha256()), 0);
}

static void
write_pem(struct tls_authority *authority)
{
	FILE *file;

	authority->fd = memfd_create("authority", 0);
	ck_assert_int_ge(authority->fd, 0);
	snprintf(authority->path, sizeof authority->path, "/proc/self/fd/%d",
	    authority->fd);
	file = fopen(authority->path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(PEM_write_X509(file, authority->cert), 1);
	fclose(file);
}

struct tls_authority *
tls_authority_new(const char *name)
{
	struct tls_authority *authority = calloc(1, sizeof *authority);
	X509 *cert;

	authority->key = EVP_EC_gen("P-256");
	ck_assert_ptr_nonnull(authority->key);
	cert = draft(authority->key, name, HOUR);
	add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(cert, cert, NID_subject_key_identifier, "hash");
	sign(cert, cert, authority->key);
	authority->cert = cert;
	write_pem(authority);
	return authority;
}

void
tls_authority_free(struct tls_authority *authority)
{
	close(authority->fd);
	X509_free(authority->cert);
	EVP_PKEY_free(authority->key);
	free(authority);
}

SSL_CTX *
tls_cert_context(const struct tls_authority *authority, enum tls_cert kind)
{
	SSL_CTX *context;
	EVP_PKEY *key;
	X509 *cert;

	if (kind == CERT_NONE)
		return NULL;
	context = SSL_CTX_new(TLS_server_method());
	key = EVP_EC_gen("P-256");
	cert = draft(
	    key, "server of a test", kind == CERT_EXPIRED ? -HOUR / 2 : HOUR);
	add_extension(cert, authority->cert, NID_subject_alt_name,
	    kind == CERT_OTHER_HOST ? "DNS:other.example"
				    : "IP:127.0.0.1,DNS:localhost");
	if (kind == CERT_SELF_SIGNED)
		sign(cert, cert, key);
	else
		sign(cert, authority->cert, authority->key);
	if (kind == CERT_OLD_PROTOCOL) {
		SSL_CTX_set_security_level(context, 0);
		SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
	}
	ck_assert_int_eq(SSL_CTX_use_certificate(context, cert), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(context, key), 1);
	X509_free(cert);
	EVP_PKEY_free(key);
	return context;
}
