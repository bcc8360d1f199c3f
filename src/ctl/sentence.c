/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads sentences word by word, anew for each argument: they are short. All
 * that is known of a placeholder stands in one table.
 */
#include "ctl/sentence.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct placeholder {
	const char *name;
	const char *meaning;
	const char *choices; /* separated by |; NULL: any */
	long min, max;       /* of a number; 0: none */
	size_t digits;       /* so many of them; 0: no matter */
} placeholders[] = {
	{ "ACCOUNT", "an AWS account: 12 digits, or unknown",
	    .choices = "unknown", .digits = 12 },
	{ "COUNT", "how many: 1 to 1000", .min = 1, .max = 1000 },
	{ "FILE", "a file, or - for the standard input or output",
	    .choices = NULL },
	{ "FORMAT", "text, dot or asl", .choices = "text|dot|asl" },
	{ "NAME", "the name of an execution, as list shows it",
	    .choices = NULL },
	{ "OUTCOME", "contained or uncontained",
	    .choices = "contained|uncontained" },
	{ "SOCKET", "where keyguardd listens", .choices = NULL },
	{ "STATUS", "RUNNING, SUCCEEDED, FAILED or ABORTED",
	    .choices = "RUNNING|SUCCEEDED|FAILED|ABORTED" },
	{ "TOKEN", "what list printed below the page before", .choices = NULL },
};
enum { PLACEHOLDERS = sizeof placeholders / sizeof placeholders[0] };

/* ---- words of a sentence ---- */

struct token {
	char name[SENTENCE_NAME]; /* without its brackets */
	bool option, placeholder;
	bool opens, closes; /* a bracket */
};

static bool
next(const char **at, struct token *token)
{
	const char *word = *at + strspn(*at, " ");
	size_t len = strcspn(word, " ");

	*at = word + len;
	if (len == 0)
		return false;
	*token = (struct token){ .opens = *word == '[',
		.closes = word[len - 1] == ']' };
	word += token->opens;
	len -= (size_t)token->opens + (size_t)token->closes;
	assert(len < SENTENCE_NAME);
	memcpy(token->name, word, len);
	token->option = *word == '-';
	token->placeholder = isupper((unsigned char)*word) != 0;
	return true;
}

/* The placeholders that are no values of options; the first is number 0. */
static bool
place(const char *sentence, size_t number, struct token *token)
{
	bool inside = false;

	while (next(&sentence, token)) {
		inside |= token->opens;
		if (token->placeholder && !inside && number-- == 0)
			return true;
		inside &= !token->closes;
	}
	return false;
}

/* ---- values ---- */

static bool
among(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (;; choices++) {
		size_t choice = strcspn(choices, "|");

		if (choice == len && memcmp(choices, value, len) == 0)
			return true;
		choices += choice;
		if (*choices == '\0')
			return false;
	}
}

static bool
within(const char *value, long min, long max)
{
	char *end;
	long number = strtol(value, &end, 10);

	return isdigit((unsigned char)*value) && *end == '\0' &&
	    number >= min && number <= max;
}

static bool
has_digits(const char *value, size_t count)
{
	return strlen(value) == count && strspn(value, "0123456789") == count;
}

static bool
fits(const struct placeholder *placeholder, const char *value)
{
	if (placeholder->digits > 0 && has_digits(value, placeholder->digits))
		return true;
	if (placeholder->choices != NULL)
		return among(placeholder->choices, value);
	if (placeholder->max != 0)
		return within(value, placeholder->min, placeholder->max);
	return *value != '\0';
}

static bool
check(const char *name, const char *value, struct error *error)
{
	int i = 0;

	while (strcmp(placeholders[i].name, name) != 0)
		i++;
	if (fits(&placeholders[i], value))
		return true;
	return error_set(error, "Ctl.Usage", "%s is %s, not '%s'", name,
	    placeholders[i].meaning, value);
}

static bool
add(struct words *words, const char *name, const char *value,
    struct error *error)
{
	struct word *word = &words->word[words->count];

	if (words_get(words, name) != NULL)
		return error_set(error, "Ctl.Usage", "%s is given twice", name);
	snprintf(word->name, sizeof word->name, "%s", name);
	word->value = value;
	words->count++;
	return true;
}

const char *
words_get(const struct words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->word[i].name, name) == 0)
			return words->word[i].value;
	return NULL;
}

/* ---- what is asked ---- */

/* Finds the option that `argument` begins with; `value` is the placeholder
 * that follows it in its brackets, or none. */
static bool
find_option(const char *sentence, const char *argument, struct token *option,
    struct token *value)
{
	size_t len = strcspn(argument, "=");

	while (next(&sentence, option)) {
		*value = (struct token){ .placeholder = false };
		if (option->option && !option->closes)
			next(&sentence, value);
		if (option->option && strlen(option->name) == len &&
		    memcmp(option->name, argument, len) == 0)
			return true;
	}
	return false;
}

int
sentence_option(const char *sentence, int argc, char *const *argv,
    struct words *words, struct error *error)
{
	const char *equals = strchr(argv[0], '=');
	struct token option, value;

	if (!find_option(sentence, argv[0], &option, &value))
		return 0;
	if (!value.placeholder) {
		if (equals == NULL)
			return add(words, option.name, "", error) ? 1 : -1;
		error_set(error, "Ctl.Usage", "%s takes no value", option.name);
		return -1;
	}
	if (equals == NULL && argc < 2) {
		error_set(error, "Ctl.Usage", "%s needs its %s", option.name,
		    value.name);
		return -1;
	}
	const char *given = equals != NULL ? equals + 1 : argv[1];

	if (!check(value.name, given, error) ||
	    !add(words, option.name, given, error))
		return -1;
	return equals != NULL ? 1 : 2;
}

bool
sentence_word(const char *sentence, const char *value, struct words *words,
    struct error *error)
{
	struct token token;
	size_t number = 0;

	while (place(sentence, number, &token))
		if (words_get(words, token.name) == NULL)
			return check(token.name, value, error) &&
			    add(words, token.name, value, error);
		else
			number++;
	return error_set(error, "Ctl.Usage", "'%s' is too much", value);
}

bool
sentence_complete(
    const char *sentence, const struct words *words, struct error *error)
{
	struct token token;

	for (size_t number = 0; place(sentence, number, &token); number++)
		if (words_get(words, token.name) == NULL)
			return error_set(error, "Ctl.Usage",
			    "a %s is missing: %s", token.name, sentence);
	return true;
}

void
sentence_placeholders(
    void (*each)(void *arg, const char *name, const char *meaning), void *arg)
{
	for (int i = 0; i < PLACEHOLDERS; i++)
		each(arg, placeholders[i].name, placeholders[i].meaning);
}
