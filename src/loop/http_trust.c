/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the trusted certificate authorities into one store. */
#include "loop/http_trust.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

/* Where the system's roots are: OpenSSL's own place is asked first. */
static const char *const system_bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, Amazon Linux */
	"/etc/ssl/cert.pem",
};

/* What the system said stands first, what OpenSSL made of it last. */
static const char *
reason(void)
{
	unsigned long first = ERR_peek_error();

	if (ERR_SYSTEM_ERROR(first))
		return strerror(ERR_GET_REASON(first));
	return ERR_reason_error_string(ERR_peek_last_error());
}

static bool
load_system(X509_STORE *store)
{
	if (X509_STORE_load_file(store, X509_get_default_cert_file()) == 1)
		return true;
	for (size_t i = 0; i < sizeof system_bundles / sizeof *system_bundles;
	     i++)
		if (X509_STORE_load_file(store, system_bundles[i]) == 1)
			return true;
	return false;
}

X509_STORE *
http_trust_nobody(void)
{
	X509_STORE *store = X509_STORE_new();

	assert(store != NULL);
	/* As curl has it: a certificate in the bundle is an anchor even if it
	 * is no root. */
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	return store;
}

X509_STORE *
http_trust_load(const char *ca_bundle, struct error *error)
{
	X509_STORE *store = http_trust_nobody();
	bool loaded;

	ERR_clear_error();
	loaded = ca_bundle != NULL ? X509_STORE_load_file(store, ca_bundle) == 1
				   : load_system(store);
	if (!loaded) {
		error_set(error, "Config.TrustStore", "%s: %s",
		    ca_bundle != NULL ? ca_bundle : "the system's roots",
		    reason());
		X509_STORE_free(store);
		store = NULL;
	}
	ERR_clear_error();
	return store;
}
