/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A standard queue. A receipt handle is text that only the model can make:
 * queue, message, receipt, and a check over them, in base64 so that it has the
 * characters that real ones have.
 */
#include "sandbox/model_queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "sandbox/model_call.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/digest.h"

#define HANDLE_MAX 512

struct queue *
queue_find(const struct model *model, const char *account, const char *region,
    const char *name)
{
	struct queue *queue;

	STAILQ_FOREACH (queue, &model->queues, next)
		if (strcmp(queue->name, name) == 0 &&
		    (account == NULL || strcmp(queue->account, account) == 0) &&
		    (region == NULL || strcmp(queue->region, region) == 0))
			return queue;
	return NULL;
}

struct message *
queue_put(struct model *model, struct queue *queue, const char *body,
    size_t len, int64_t now_ms)
{
	struct message *message = xzalloc(sizeof *message);
	char id[37];

	model_uuid(model, id);
	message->number = ++model->messages_made;
	message->id = xstrdup(id);
	message->body = xmemdup0(body, len);
	message->len = len;
	message->sent_ms = now_ms;
	message->visible_ms = now_ms;
	STAILQ_INSERT_TAIL(&queue->messages, message, next);
	return message;
}

void
message_free(struct message *message)
{
	free(message->id);
	free(message->body);
	free(message);
}

int64_t
queue_in_flight(const struct queue *queue, int64_t now_ms)
{
	const struct message *message;
	int64_t count = 0;

	STAILQ_FOREACH (message, &queue->messages, next)
		count += message->visible_ms > now_ms;
	return count;
}

int64_t
queue_wake_ms(const struct queue *queue, int64_t now_ms)
{
	const struct message *message;
	int64_t wake_ms = INT64_MAX;

	STAILQ_FOREACH (message, &queue->messages, next)
		if (message->visible_ms > now_ms &&
		    message->visible_ms < wake_ms)
			wake_ms = message->visible_ms;
	return wake_ms;
}

/* Moves a message that was received too often; false if it was not. */
static bool
bury(struct model *model, struct queue *queue, struct message *message,
    int64_t now_ms)
{
	struct queue *dead = queue->dead_letters == NULL
	    ? NULL
	    : queue_find(
		  model, queue->account, queue->region, queue->dead_letters);

	if (dead == NULL || queue->max_receives == 0 ||
	    message->receives < queue->max_receives)
		return false;
	STAILQ_REMOVE(&queue->messages, message, message, next);
	STAILQ_INSERT_TAIL(&dead->messages, message, next);
	message->visible_ms = now_ms;
	message->receipt = 0;
	message->from = queue;
	return true;
}

/* The visible message after so many others; NULL past the last. */
static struct message *
visible(const struct queue *queue, uint64_t skip, int64_t now_ms)
{
	struct message *message;

	STAILQ_FOREACH (message, &queue->messages, next)
		if (message->visible_ms <= now_ms && skip-- == 0)
			break;
	return message;
}

static uint64_t
any_place(struct model *model, const struct queue *queue, int64_t now_ms)
{
	uint64_t count = 0;

	while (visible(queue, count, now_ms) != NULL)
		count++;
	return count == 0 ? 0 : random_next(&model->random) % count;
}

struct message *
queue_next(struct model *model, struct queue *queue, int64_t now_ms)
{
	struct message *message;

	do {
		uint64_t skip =
		    queue->shuffle ? any_place(model, queue, now_ms) : 0;

		message = visible(queue, skip, now_ms);
	} while (message != NULL && bury(model, queue, message, now_ms));
	return message;
}

static void
check_of(const struct model *model, const char *text, char out[17])
{
	FREE_LATER char *salted =
	    xasprintf("%" PRIu64 "/%s", model->seed, text);
	char hex[DIGEST_SHA256_HEX];

	digest_sha256_hex(salted, strlen(salted), hex);
	memcpy(out, hex, 16);
	out[16] = '\0';
}

static char *
make_handle(const struct model *model, const struct queue *queue,
    const struct message *message)
{
	FREE_LATER char *text = xasprintf("%s/%s/%" PRIu64 "/%" PRIu64,
	    queue->account, queue->name, message->number, message->receipt);
	FREE_LATER char *whole = NULL;
	char check[17], out[HANDLE_MAX];

	check_of(model, text, check);
	whole = xasprintf("%s/%s", text, check);
	EVP_EncodeBlock(
	    (unsigned char *)out, (unsigned char *)whole, (int)strlen(whole));
	return xstrdup(out);
}

/* The text in a handle without its check; NULL when the check is wrong. */
static char *
open_handle(const struct model *model, const char *handle)
{
	unsigned char plain[HANDLE_MAX] = { 0 };
	size_t len = strlen(handle);
	char check[17];
	char *slash;

	if (len == 0 || len >= HANDLE_MAX ||
	    EVP_DecodeBlock(plain, (const unsigned char *)handle, (int)len) < 0)
		return NULL;
	slash = strrchr((char *)plain, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	check_of(model, (char *)plain, check);
	return strcmp(check, slash + 1) == 0 ? xstrdup((char *)plain) : NULL;
}

char *
queue_receive(struct model *model, struct queue *queue, struct message *message,
    int64_t now_ms, int64_t hidden_ms)
{
	message->receives++;
	message->receipt = ++model->receipts_made;
	message->received_ms = now_ms;
	if (message->first_ms == 0)
		message->first_ms = now_ms;
	message->visible_ms = now_ms + hidden_ms;
	return make_handle(model, queue, message);
}

/* What a handle stands for. */
struct receipt {
	struct message *message; /* NULL: it is gone */
	bool newest;
};

static struct message *
message_numbered(const struct queue *queue, uint64_t number)
{
	struct message *message;

	STAILQ_FOREACH (message, &queue->messages, next)
		if (message->number == number)
			break;
	return message;
}

static bool
find_receipt(const struct model *model, const struct queue *queue,
    const char *handle, struct receipt *ret, struct error *error)
{
	FREE_LATER char *text = open_handle(model, handle);
	FREE_LATER char *prefix =
	    xasprintf("%s/%s/", queue->account, queue->name);
	uint64_t number, receipt;

	if (text == NULL)
		return error_set(error, "ReceiptHandleIsInvalid",
		    "The input receipt handle \"%.100s\" is not a valid "
		    "receipt handle.",
		    handle);
	if (strncmp(text, prefix, strlen(prefix)) != 0 ||
	    sscanf(text + strlen(prefix), "%" SCNu64 "/%" SCNu64, &number,
		&receipt) != 2)
		return error_set(error, "ReceiptHandleIsInvalid",
		    "The input receipt handle \"%.100s\" is not valid for "
		    "this queue.",
		    handle);
	ret->message = message_numbered(queue, number);
	ret->newest = ret->message != NULL && ret->message->receipt == receipt;
	return true;
}

bool
queue_delete(struct model *model, struct queue *queue, const char *handle,
    bool revive, struct error *error)
{
	struct receipt receipt;

	if (!find_receipt(model, queue, handle, &receipt, error))
		return false;
	if (!receipt.newest || revive)
		return true;
	STAILQ_REMOVE(&queue->messages, receipt.message, message, next);
	message_free(receipt.message);
	queue->deleted++;
	return true;
}

bool
queue_hide(struct model *model, struct queue *queue, const char *handle,
    int64_t seconds, int64_t now_ms, struct error *error)
{
	struct receipt receipt;

	if (seconds < 0 || seconds > VISIBILITY_MAX_S)
		return error_set(error, "InvalidParameterValue",
		    "Value %" PRId64 " for parameter VisibilityTimeout is "
		    "invalid. Reason: Must be between 0 and %d.",
		    seconds, VISIBILITY_MAX_S);
	if (!find_receipt(model, queue, handle, &receipt, error))
		return false;
	if (receipt.message == NULL)
		return error_set(error, "InvalidParameterValue",
		    "Value %.100s for parameter ReceiptHandle is invalid. "
		    "Reason: Message does not exist or is not available for "
		    "visibility timeout change.",
		    handle);
	if (!receipt.newest)
		return true;
	if (now_ms + seconds * 1000 >
	    receipt.message->received_ms + VISIBILITY_MAX_S * INT64_C(1000))
		return error_set(error, "InvalidParameterValue",
		    "Value %" PRId64 " for parameter VisibilityTimeout is "
		    "invalid. Reason: Total VisibilityTimeout for the message "
		    "is beyond the limit [%d seconds].",
		    seconds, VISIBILITY_MAX_S);
	receipt.message->visible_ms = now_ms + seconds * 1000;
	return true;
}
