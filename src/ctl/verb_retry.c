/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl retry: a new execution for what has ended uncontained. */
#include "ctl/act.h"
#include "ctl/verbs.h"

int
verb_retry(const struct ctl *ctl, const struct words *words)
{
	return act_on(ctl, "Retry", words);
}
