/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user did lately, in numbers: how often each action, each resource and
 * each type of resource occurs in CloudTrail's events. Pure.
 */
#ifndef KG_WORKFLOW_SUMMARY_H
#define KG_WORKFLOW_SUMMARY_H

#include <stdint.h>

#include "workflow/tally.h"

struct json_object;

#define SUMMARY_TOP 10 /* of each list, the most common */

/* Zeroed: nothing counted yet. */
struct summary {
	int64_t events;
	struct tally actions, names, types;
};

/* Counts a page of LookupEvents, an array as CloudTrail sent it, until `max`
 * events have been counted in all. What is missing in one is not counted. */
void summary_add(
    struct summary *summary, struct json_object *events, int64_t max);

/*
 * {"Events":50,"Actions":[{"Name":"PutRolePolicy","Count":16},...],
 * "ResourceNames":[...],"ResourceTypes":[...]}: the most common, ties in the
 * order in which they came. The caller frees it.
 */
struct json_object *summary_result(const struct summary *summary);

/* Forgets everything. */
void summary_done(struct summary *summary);

#endif
