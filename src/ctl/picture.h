/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine with the path that an execution took through it, as a drawing:
 *
 *	    DeleteAccessKeyPair     08:27:57.124, took 928 ms, 2 tries
 *	    x 08:27:57.150 IAM.Throttling: Rate exceeded
 *	    | request 7a62c49f-347e-4fc4-9331-6e8eEXAMPLE, again after 855 ms
 *	    x 08:27:58.052 IAM.ServiceFailure: try later
 *	+---+ caught IAM.ServiceFailure
 *	|
 *	|   LookupCloudTrailEvents  not entered
 *	|
 *	+-> NotifySecurity          08:27:58.052, took 49 ms
 *	    |
 *	    v
 *	    (done)
 */
#ifndef KG_CTL_PICTURE_H
#define KG_CTL_PICTURE_H

struct ctl;
struct json_object;
struct path;

/* Draws the path of an execution, as Describe answers it, through a machine in
 * Amazon States Language (NULL: not known; then only what was entered is
 * there). */
void picture_draw(const struct ctl *ctl, struct json_object *execution,
    const struct path *path, struct json_object *machine);

#endif
