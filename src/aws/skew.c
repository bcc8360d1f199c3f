/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of clock skew, as the AWS SDKs of 2026 agree on it.
 */
#include "aws/skew.h"

#include "loop/http.h"
#include "util/clock.h"

bool
skew_measure(const struct http_answer *answer, int64_t *skew_ms)
{
	int64_t middle_ms = answer->sent_wall_ms + answer->elapsed_ms / 2;

	if (answer->date_ms == 0 || answer->elapsed_ms > MINUTES(15))
		return false;
	*skew_ms = answer->date_ms - middle_ms;
	return true;
}

bool
skew_explains(int64_t skew_ms)
{
	return skew_ms > MINUTES(4) || skew_ms < -MINUTES(4);
}
