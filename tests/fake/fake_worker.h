/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker without a thread, in place of src/loop/worker.c at link time.
 */
#ifndef KG_TESTS_FAKE_FAKE_WORKER_H
#define KG_TESTS_FAKE_FAKE_WORKER_H

#include <stdint.h>

/* How long it takes from now on until a job begins, and then until it is known
 * that it is done, by the loop's clock: nothing at the start. */
void fake_worker_pace(int64_t before_ms, int64_t after_ms);

#endif
