/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl stop: an execution is aborted. */
#include "ctl/act.h"
#include "ctl/verbs.h"

int
verb_stop(const struct ctl *ctl, const struct words *words)
{
	return act_on(ctl, "Stop", words);
}
