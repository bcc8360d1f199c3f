/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what came of a transfer: the answer, or the failure by our names. */
#include "loop/http_transfer.h"

#include <openssl/x509_vfy.h>

static const struct failure {
	CURLcode code;
	const char *name;
	enum error_class class;
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "Http.NameNotResolved", CLASS_TRANSIENT },
	{ CURLE_COULDNT_RESOLVE_PROXY, "Http.NameNotResolved",
	    CLASS_TRANSIENT },
	{ CURLE_COULDNT_CONNECT, "Http.ConnectFailed", CLASS_TRANSIENT },
	{ CURLE_OPERATION_TIMEDOUT, "Http.Timeout", CLASS_TRANSIENT },
	{ CURLE_SSL_CONNECT_ERROR, "Http.TlsFailed", CLASS_TRANSIENT },
	{ CURLE_PEER_FAILED_VERIFICATION, "Http.CertificateRefused",
	    CLASS_NONE },
	{ CURLE_WRITE_ERROR, "Http.AnswerTooLarge", CLASS_NONE },
	{ CURLE_WEIRD_SERVER_REPLY, "Http.Malformed", CLASS_TRANSIENT },
	{ CURLE_UNSUPPORTED_PROTOCOL, "Http.Malformed", CLASS_TRANSIENT },
	/* So curl calls a header line without an end. */
	{ CURLE_OUT_OF_MEMORY, "Http.Malformed", CLASS_TRANSIENT },
	{ CURLE_URL_MALFORMAT, "Http.BadUrl", CLASS_NONE },
	/* The rest are ways to lose a connection. */
	{ CURLE_OK, "Http.Reset", CLASS_TRANSIENT },
};

static const struct failure *
failure_of(CURLcode code)
{
	const struct failure *failure = failures;

	while (failure->code != CURLE_OK && failure->code != code)
		failure++;
	return failure;
}

/* What is wrong with the certificate in OpenSSL's words. What OpenSSL had no
 * fault to find with, curl refuses for its name alone. */
static const char *
certificate_fault(CURL *curl)
{
	long result = X509_V_OK;

	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &result);
	if (result == X509_V_OK || result == X509_V_ERR_UNSPECIFIED)
		result = X509_V_ERR_HOSTNAME_MISMATCH;
	return X509_verify_cert_error_string(result);
}

static bool
fail(const struct http_transfer *transfer, CURLcode code, struct error *error)
{
	const struct failure *failure = failure_of(code);
	const char *reason = transfer->reason[0] != '\0'
	    ? transfer->reason
	    : curl_easy_strerror(code);

	if (code == CURLE_PEER_FAILED_VERIFICATION)
		reason = certificate_fault(transfer->curl);
	else if (code == CURLE_OUT_OF_MEMORY)
		reason = "a header of the answer is too long";
	else if (code == CURLE_WRITE_ERROR)
		return error_set_class(error, failure->class, failure->name,
		    "%s: the answer has more than %zu bytes", transfer->host,
		    transfer->body.max);
	return error_set_class(error, failure->class, failure->name, "%s: %s",
	    transfer->host, reason);
}

/* The value of a header of the last answer; NULL when absent. */
static const char *
header(CURL *curl, const char *name)
{
	struct curl_header *found;

	return curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) ==
		CURLHE_OK
	    ? found->value
	    : NULL;
}

bool
http_transfer_result(const struct http_transfer *transfer, CURLcode code,
    struct http_answer *ret_answer, struct error *error)
{
	CURL *curl = transfer->curl;
	struct http_answer answer = { 0 };
	long status = 0;

	if (code != CURLE_OK)
		return fail(transfer, code, error);
	if (!transfer->whole_head)
		return error_set_class(error, CLASS_TRANSIENT, "Http.Reset",
		    "%s: the connection ended within the answer's head",
		    transfer->host);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status < 100 || status > 599)
		return error_set_class(error, CLASS_TRANSIENT, "Http.Malformed",
		    "%s: status %ld", transfer->host, status);
	answer.status = (int)status;
	answer.body = buf_text(&transfer->body);
	answer.body_len = transfer->body.len;
	answer.request_id = header(curl, "x-amzn-RequestId");
	if (answer.request_id == NULL)
		answer.request_id = header(curl, "x-amz-request-id");
	answer.error_type = header(curl, "x-amzn-errortype");
	answer.query_error = header(curl, "x-amzn-query-error");
	answer.content_type = header(curl, "Content-Type");
	if (header(curl, "Age") == NULL)
		answer.date_ms = http_date_parse(header(curl, "Date"));
	*ret_answer = answer;
	return true;
}
