/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call at a time, evenly spaced: no burst, as the services' own buckets
 * are shared with whoever else calls in this account.
 */
#include "aws/rate.h"

#define SECOND_MS 1000
#define KEPT      0.7 /* after a decrease, as in the AWS SDKs */

static double
smaller(double a, double b)
{
	return a < b ? a : b;
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

double
rate_now(const struct rate *rate, int64_t now_ms)
{
	double grown = rate->ceiling;

	if (rate->base > 0)
		grown = rate->base +
		    rate->step * (double)(now_ms - rate->since_ms) / SECOND_MS;
	if (grown < rate->ceiling)
		return grown;
	return rate->published ? rate->ceiling : 0;
}

int64_t
rate_wait_ms(const struct rate *rate, int64_t now_ms)
{
	if (rate_now(rate, now_ms) == 0 || rate->next_ms <= now_ms)
		return 0;
	return rate->next_ms - now_ms;
}

/* Moves the counted second on to `now_ms`. */
static void
count_from(struct rate *rate, int64_t now_ms)
{
	if (now_ms - rate->second_ms < SECOND_MS)
		return;
	rate->before =
	    now_ms - rate->second_ms < 2 * SECOND_MS ? rate->sent : 0;
	rate->sent = 0;
	rate->second_ms = now_ms;
}

static void
space(struct rate *rate, int64_t now_ms)
{
	double per_second = rate_now(rate, now_ms);

	if (per_second > 0)
		rate->next_ms = now_ms + (int64_t)(SECOND_MS / per_second);
}

void
rate_take(struct rate *rate, int64_t now_ms)
{
	count_from(rate, now_ms);
	rate->sent++;
	space(rate, now_ms);
}

void
rate_throttled(struct rate *rate, int64_t now_ms)
{
	double per_second = rate_now(rate, now_ms);

	if (rate->base > 0 && now_ms - rate->since_ms < SECOND_MS)
		return;
	count_from(rate, now_ms);
	if (per_second == 0)
		per_second = rate->ceiling;
	per_second = smaller(per_second, larger(rate->sent, rate->before));
	rate->base = larger(per_second * KEPT, rate->floor);
	rate->since_ms = now_ms;
	space(rate, now_ms);
}
