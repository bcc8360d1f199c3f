/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STS, Query protocol: who signed.
 */
#include "sandbox/model_call.h"

#include <stdlib.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static char *
arn_of(const struct principal *principal)
{
	switch (principal->kind) {
	case PRINCIPAL_USER:
		return xasprintf("arn:aws:iam::%s:user/%s", principal->account,
		    principal->name);
	case PRINCIPAL_ROOT:
		return xasprintf("arn:aws:iam::%s:root", principal->account);
	case PRINCIPAL_ROLE:
		return xasprintf("arn:aws:sts::%s:assumed-role/%s",
		    principal->account, principal->name);
	}
	abort();
}

static bool
get_caller_identity(struct call *call)
{
	const struct principal *signer = call->key->owner;
	FREE_LATER char *arn = arn_of(signer);

	call_xml(call, "Arn", arn);
	call_xml(call, "UserId",
	    signer->kind == PRINCIPAL_ROOT ? signer->account
					   : "AIDACKCEVSQ6C2EXAMPLE");
	call_xml(call, "Account", signer->account);
	return true;
}

static const struct operation operations[] = {
	{ "GetCallerIdentity", get_caller_identity },
	{ NULL, NULL },
};

const struct service sts_service = {
	.name = "STS",
	.signing_name = "sts",
	.version = "2011-06-15",
	.namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
	.throttled = "Throttling",
	.operations = operations,
};
