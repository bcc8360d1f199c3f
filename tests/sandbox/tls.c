/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates by OpenSSL, on P-256: a key is made in no time.
 */
#include "sandbox/tls.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "util/alloc.h"
#include "util/cleanup.h"

#define HOUR_S 3600

struct tls {
	EVP_PKEY *ca_key;
	X509 *ca;
	SSL_CTX *context;
};

/* How a certificate is good or bad. */
struct kind {
	const char *name;
	const char *hosts;
	int from_s; /* from now */
	int until_s;
	bool self_signed;
};

#define HERE "IP:127.0.0.1,DNS:localhost,DNS:*.keyguard.test"

static const struct kind kinds[] = {
	{ "good", HERE, -HOUR_S, 24 * HOUR_S, false },
	{ "expired", HERE, -48 * HOUR_S, -24 * HOUR_S, false },
	{ "not-yet", HERE, 24 * HOUR_S, 48 * HOUR_S, false },
	{ "self-signed", HERE, -HOUR_S, 24 * HOUR_S, true },
	{ "other-host", "DNS:other.example", -HOUR_S, 24 * HOUR_S, false },
};

static const struct kind authority = {
	.name = "authority", .from_s = -72 * HOUR_S, .until_s = 72 * HOUR_S
};

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert(extension != NULL);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

static void
set_name(X509_NAME *name, const char *text)
{
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

/* All but issuer, extensions and signature. */
static X509 *
draft(EVP_PKEY *key, const char *name, const struct kind *kind, int64_t now_ms)
{
	X509 *certificate = X509_new();
	time_t now = (time_t)(now_ms / 1000);
	uint64_t serial;

	assert(certificate != NULL);
	X509_set_version(certificate, X509_VERSION_3);
	RAND_bytes((unsigned char *)&serial, sizeof serial);
	ASN1_INTEGER_set_uint64(
	    X509_get_serialNumber(certificate), serial >> 1);
	ASN1_TIME_set(X509_getm_notBefore(certificate), now + kind->from_s);
	ASN1_TIME_set(X509_getm_notAfter(certificate), now + kind->until_s);
	set_name(X509_get_subject_name(certificate), name);
	X509_set_pubkey(certificate, key);
	return certificate;
}

static void
sign(X509 *certificate, X509 *issuer, EVP_PKEY *key)
{
	X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
	if (X509_sign(certificate, key, EVP_sha256()) == 0)
		abort();
}

static EVP_PKEY *
new_key(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	assert(key != NULL);
	return key;
}

struct tls *
tls_new(int64_t now_ms)
{
	struct tls *tls = xzalloc(sizeof *tls);
	FREE_LATER char *name =
	    xasprintf("keyguard sandbox CA %d", (int)getpid());

	/* Who trusts several sandboxes tells them apart by their names. */
	tls->ca_key = new_key();
	tls->ca = draft(tls->ca_key, name, &authority, now_ms);
	add_extension(
	    tls->ca, tls->ca, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(tls->ca, tls->ca, NID_key_usage, "critical,keyCertSign");
	add_extension(tls->ca, tls->ca, NID_subject_key_identifier, "hash");
	sign(tls->ca, tls->ca, tls->ca_key);
	if (!tls_use(tls, "good", now_ms, NULL))
		abort();
	return tls;
}

struct tls *
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return NULL;
	SSL_CTX_free(tls->context);
	X509_free(tls->ca);
	EVP_PKEY_free(tls->ca_key);
	free(tls);
	return NULL;
}

static SSL_CTX *
new_context(EVP_PKEY *key, X509 *certificate)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (context == NULL ||
	    SSL_CTX_use_certificate(context, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey(context, key) != 1)
		abort();
	return context;
}

bool
tls_use(struct tls *tls, const char *name, int64_t now_ms, struct error *error)
{
	const struct kind *kind = kinds;
	const struct kind *end = kinds + sizeof kinds / sizeof kinds[0];
	X509 *certificate, *issuer;
	EVP_PKEY *key;

	while (kind < end && strcmp(kind->name, name) != 0)
		kind++;
	if (kind == end)
		return error_set(error, "Sandbox.BadCertificate",
		    "no kind of certificate is \"%s\"", name);
	key = new_key();
	certificate = draft(key, "keyguard sandbox", kind, now_ms);
	issuer = kind->self_signed ? certificate : tls->ca;
	add_extension(certificate, issuer, NID_subject_alt_name, kind->hosts);
	sign(certificate, issuer, kind->self_signed ? key : tls->ca_key);
	SSL_CTX_free(tls->context);
	tls->context = new_context(key, certificate);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return true;
}

SSL *
tls_accept(struct tls *tls)
{
	SSL *ssl = SSL_new(tls->context);

	assert(ssl != NULL);
	return ssl;
}

bool
tls_write_ca(const struct tls *tls, const char *path, struct error *error)
{
	FILE *file = fopen(path, "we");
	bool written;

	if (file == NULL)
		return error_set(error, "Sandbox.CannotWrite", "%s: %s", path,
		    strerror(errno));
	written = PEM_write_X509(file, tls->ca) == 1;
	if (fclose(file) == 0 && written)
		return true;
	return error_set(
	    error, "Sandbox.CannotWrite", "%s: %s", path, strerror(errno));
}
