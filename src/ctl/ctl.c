/* SPDX-License-Identifier: Apache-2.0 */
/* From the words of the command line to a verb. */
#include "ctl/ctl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/cleanup.h"
#include "util/error.h"

#define SOCKET "/run/keyguardd/control.sock"

void
ctl_complain(const struct ctl *ctl, const char *format, ...)
{
	FREE_LATER char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		abort();
	FREE_LATER char *clean = print_clean(text);

	fprintf(ctl->err, "keyguardctl: %s\n", clean);
}

/* ---- the words ---- */

/* Takes what begins with a dash; as sentence_option, but never 0. */
static int
take_option(const struct verb *verb, int argc, char *const *argv,
    struct words *words, struct error *error)
{
	int taken = sentence_option(verbs_options, argc, argv, words, error);

	if (taken == 0 && verb != NULL)
		taken =
		    sentence_option(verb->sentence, argc, argv, words, error);
	if (taken != 0)
		return taken;
	error_set(error, "Ctl.Usage", "no option is named %s", argv[0]);
	return -1;
}

static bool
take_word(const struct verb **verb, const char *word, struct words *words,
    struct error *error)
{
	if (*verb != NULL)
		return sentence_word((*verb)->sentence, word, words, error);
	*verb = verbs_find(word);
	return *verb != NULL ||
	    error_set(error, "Ctl.Usage", "no verb is named '%s'", word);
}

static bool
parse(int argc, char *const *argv, const struct verb **verb,
    struct words *words, struct error *error)
{
	bool plain = false; /* behind "--", where nothing is an option */
	int taken;

	for (int i = 1; i < argc; i += taken) {
		taken = 1;
		if (!plain && strcmp(argv[i], "--") == 0)
			plain = true;
		else if (!plain && argv[i][0] == '-' && argv[i][1] != '\0')
			taken = take_option(
			    *verb, argc - i, argv + i, words, error);
		else if (!take_word(verb, argv[i], words, error))
			return false;
		if (taken < 0)
			return false;
	}
	return true;
}

/* ---- help ---- */

static void
explain(void *arg, const char *name, const char *meaning)
{
	fprintf(arg, "  %-8s  %s\n", name, meaning);
}

static int
help(const struct ctl *ctl)
{
	fprintf(ctl->out, "Usage: keyguardctl [-s SOCKET] [--json] VERB\n\n");
	for (const struct verb *verb = verbs; verb->sentence != NULL; verb++)
		fprintf(ctl->out, "  %s\n\t%s\n", verb->sentence, verb->help);
	putc('\n', ctl->out);
	sentence_placeholders(explain, ctl->out);
	fputs("\n  --json    one document for programs, in place of text\n"
	      "\nSee keyguardctl(1).\n",
	    ctl->out);
	return CTL_DONE;
}

/* ---- all of it ---- */

static int
act(struct ctl *ctl, const struct verb *verb, const struct words *words,
    struct error *error)
{
	const char *path = words_get(words, "-s");

	if (words_get(words, "--help") != NULL)
		return help(ctl);
	if (words_get(words, "--version") != NULL) {
		fprintf(ctl->out, "keyguardctl %s\n", PACKAGE_VERSION);
		return CTL_DONE;
	}
	if (verb == NULL) {
		error_set(error, "Ctl.Usage", "a verb is missing");
		return CTL_USAGE;
	}
	if (!sentence_complete(verb->sentence, words, error))
		return CTL_USAGE;
	ctl->socket = path != NULL ? path : SOCKET;
	ctl->json = words_get(words, "--json") != NULL;
	return verb->run(ctl, words);
}

int
ctl_run(struct ctl *ctl, int argc, char *const *argv)
{
	struct words words = { .count = 0 };
	const struct verb *verb = NULL;
	struct error error = { .name = "" };
	int status = CTL_USAGE;

	if (parse(argc, argv, &verb, &words, &error))
		status = act(ctl, verb, &words, &error);
	if (error.name[0] != '\0') {
		ctl_complain(ctl, "%s", error.cause);
		fputs("Try 'keyguardctl --help'.\n", ctl->err);
	}
	if (fflush(ctl->out) == 0 && ferror(ctl->out) == 0)
		return status;
	ctl_complain(ctl, "cannot write what there is to say");
	return status == CTL_DONE ? CTL_FAILED : status;
}
