/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings an execution to wait for whatever it can wait for, on a bench that has
 * not been used.
 */
#ifndef KG_TESTS_UNIT_MACHINE_WAITS_H
#define KG_TESTS_UNIT_MACHINE_WAITS_H

#include "machine/execution.h"
#include "unit/machine_rig.h"

/* The engine's own, by name; NULL when there is none. */
struct execution *execution(const struct rig *rig, const char *name);

/* An execution "x" that waits for that: for its lane, behind "w", which has
 * it; for its data and its retry, with none of its events durable but where
 * that cannot be; for its commit, in Notify; for its end, FAILED in Lookup. */
void wait_for(struct rig *rig, enum waits what);

/* "x" that waits for its retry in Lookup, which is no lane state. */
void wait_in_lookup(struct rig *rig);

/* "x" that FAILED in Notify and waits to be redriven. */
void fail_in_notify(struct rig *rig);

/* Redrives one, which has to be possible. */
void redrive(struct rig *rig, const char *name);

/* How one stands, as far as that is durable. */
const struct standing *standing(const struct rig *rig, const char *name);

#endif
