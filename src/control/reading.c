/* SPDX-License-Identifier: Apache-2.0 */
/* Reads that are cancelled when nobody waits for them any more. */
#include "control/reading.h"

#include <stddef.h>
#include <stdlib.h>

#include "control/call.h"
#include "store/read.h"
#include "util/alloc.h"

static void
release(void *held)
{
	struct reading *reading = held;

	if (reading->read != NULL)
		store_read_cancel(reading->read);
	free(reading->asked);
	free(reading);
}

struct reading *
reading_new(struct call *call, const char *asked)
{
	struct reading *reading = xzalloc(sizeof *reading);

	reading->call = call;
	reading->asked = xstrdup(asked);
	call_hold(call, reading, release);
	return reading;
}

bool
reading_ended(struct reading *reading, const struct error *error)
{
	reading->read = NULL;
	if (error == NULL)
		return true;
	call_fail_for(reading->call, CONTROL_STORE_FAILED, error);
	return false;
}
