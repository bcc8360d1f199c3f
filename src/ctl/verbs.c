/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the command line. */
#include "ctl/verbs.h"

#include <stddef.h>
#include <string.h>

const char verbs_options[] = "[-s SOCKET] [--json] [--help] [--version]";

const struct verb verbs[] = {
	{ "inject FILE [--wait]",
	    "act on the event in a file; --wait: and tell what happens until "
	    "all is done",
	    verb_inject },
	{ "list [--status STATUS] [--outcome OUTCOME] [--limit COUNT] "
	  "[--after TOKEN]",
	    "list executions, newest first", verb_list },
	{ "show NAME", "tell the story of an execution", verb_show },
	{ "redrive NAME [--wait]",
	    "send an execution that FAILED back to work; --wait: as inject",
	    verb_redrive },
	{ "retry NAME [--wait]",
	    "try anew, by a new execution, what has ended uncontained",
	    verb_retry },
	{ "stop NAME", "abort an execution, also one that would be redriven",
	    verb_stop },
	{ "resume [--account ACCOUNT]",
	    "let deletions go on that are held since there were too many",
	    verb_resume },
	{ "rejected", "list messages that were refused", verb_rejected },
	{ "status", "tell how keyguardd is", verb_status },
	{ "machine [--format FORMAT]", "draw the state machine", verb_machine },
	{ "backup FILE", "copy the store, while it works, to a new file",
	    verb_backup },
	{ NULL, NULL, NULL },
};

const struct verb *
verbs_find(const char *name)
{
	size_t len = strlen(name);

	for (const struct verb *verb = verbs; verb->sentence != NULL; verb++)
		if (strcspn(verb->sentence, " ") == len &&
		    memcmp(verb->sentence, name, len) == 0)
			return verb;
	return NULL;
}
