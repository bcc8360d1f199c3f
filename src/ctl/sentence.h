/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line as sentences: "list [--limit COUNT]". A word in capitals is
 * a placeholder, whose name is its type: what may stand in its place is known
 * here. What is in brackets may be left out.
 */
#ifndef KG_CTL_SENTENCE_H
#define KG_CTL_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

#define SENTENCE_WORDS 16 /* options and placeholders given at once */
#define SENTENCE_NAME  16 /* room for one's name, with its NUL */

/* What stands for what. */
struct words {
	size_t count;
	struct word {
		char name[SENTENCE_NAME]; /* "--limit", "FILE" */
		const char *value;        /* borrowed of argv; "" for none */
	} word[SENTENCE_WORDS];
};

/* What was given for an option or a placeholder; NULL if nothing was. */
const char *words_get(const struct words *words, const char *name);

/*
 * Takes the option at argv[0], which may be "--limit 5" or "--limit=5", if the
 * sentence has it. Returns how many arguments it was: 0 if it is not there, -1
 * and an error if its value is missing or wrong.
 */
int sentence_option(const char *sentence, int argc, char *const *argv,
    struct words *words, struct error *error);

/* Takes the next word that is no option; an error if there is no place for
 * it, or if it is none for that place. */
bool sentence_word(const char *sentence, const char *value, struct words *words,
    struct error *error);

/* Whether nothing is missing. */
bool sentence_complete(
    const char *sentence, const struct words *words, struct error *error);

/* What may stand in place of each placeholder, for help: `each` gets "COUNT"
 * and "1 to 1000". */
void sentence_placeholders(
    void (*each)(void *arg, const char *name, const char *meaning), void *arg);

#endif
