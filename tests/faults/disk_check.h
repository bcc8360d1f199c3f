/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was promised, held against AWS and against what is durable, which is
 * read by SQL from a snapshot of the disk.
 */
#ifndef KG_TESTS_FAULTS_DISK_CHECK_H
#define KG_TESTS_FAULTS_DISK_CHECK_H

#include "faults/disk_trial.h"

/* A call goes out: what has to be durable before it is. */
void disk_check_call(struct trial *trial, struct http_request *request);

/* Power was lost, and what is left is what is durable now. */
void disk_check_loss(struct trial *trial);

/* Either all is over, or the status says what is wrong with the disk. */
void disk_check_told(struct trial *trial);

/* Nothing is wrong any more, as the daemon sees it. */
void disk_check_running(struct trial *trial);

/* All is over, well and once; the daemon has closed its store. */
void disk_check_end(struct trial *trial);

#endif
