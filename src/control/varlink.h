/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Varlink on the wire (varlink.org, "Method Call"): one JSON object after the
 * other, each ended by a NUL. Both ends of the socket use it; pure.
 */
#ifndef KG_CONTROL_VARLINK_H
#define KG_CONTROL_VARLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct json_object;

/* The longest message that is accepted, by the service and by its clients. */
#define VARLINK_MAX_CALL  ((size_t)2 << 20)
#define VARLINK_MAX_REPLY ((size_t)32 << 20)

/* The errors that every service has. */
#define VARLINK_ERROR(name)            "org.varlink.service." name
#define VARLINK_INTERFACE_NOT_FOUND    VARLINK_ERROR("InterfaceNotFound")
#define VARLINK_METHOD_NOT_FOUND       VARLINK_ERROR("MethodNotFound")
#define VARLINK_METHOD_NOT_IMPLEMENTED VARLINK_ERROR("MethodNotImplemented")
#define VARLINK_INVALID_PARAMETER      VARLINK_ERROR("InvalidParameter")
#define VARLINK_EXPECTED_MORE          VARLINK_ERROR("ExpectedMore")

/* Whether `bytes` begin with a whole message; its length without the NUL. */
bool varlink_whole(const char *bytes, size_t len, size_t *ret_len);

/* What a client asks. The strings and `parameters` live as long as
 * `message`. */
struct varlink_call {
	struct json_object *message;
	const char *method;
	struct json_object *parameters; /* an object, or NULL */
	bool more, oneway, upgrade;
};

/* Parses a message without its NUL. False, with an error and nothing to free,
 * if it is no call: `Doc.*`, `Varlink.NoCall`. */
bool varlink_call_parse(const char *text, size_t len, struct varlink_call *ret,
    struct error *error);
void varlink_call_done(struct varlink_call *call);

/* What the service answers. */
struct varlink_reply {
	struct json_object *message;
	const char *error;              /* its name; NULL: it went well */
	struct json_object *parameters; /* an object, or NULL */
	bool continues;                 /* another one follows */
};

/* As for calls; `Varlink.NoReply`. */
bool varlink_reply_parse(const char *text, size_t len,
    struct varlink_reply *ret, struct error *error);
void varlink_reply_done(struct varlink_reply *reply);

/* Write a message; it is to be sent with its NUL. The caller frees the text.
 * `parameters` are taken over; NULL: none. */
char *varlink_call_text(
    const char *method, struct json_object *parameters, bool more);
char *varlink_reply_text(struct json_object *parameters, bool continues);
char *varlink_error_text(const char *error, struct json_object *parameters);

#endif
