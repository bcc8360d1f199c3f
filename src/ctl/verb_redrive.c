/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl redrive: what has FAILED goes on from where it did. */
#include "ctl/act.h"
#include "ctl/verbs.h"

int
verb_redrive(const struct ctl *ctl, const struct words *words)
{
	return act_on(ctl, "Redrive", words);
}
