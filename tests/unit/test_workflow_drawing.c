/* SPDX-License-Identifier: Apache-2.0 */
/* The README shows the machine as it is: its picture is the table's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/draw.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "workflow/exposed_key.h"

static void
read_file(const char *name, struct buf *text)
{
	const char *folder = getenv("srcdir");
	char *path FREE_LATER =
	    xasprintf("%s/%s", folder != NULL ? folder : ".", name);
	FILE *file = fopen(path, "re");
	char chunk[4096];
	size_t got;

	ck_assert_msg(file != NULL, "%s", path);
	while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(text, chunk, got);
	fclose(file);
	ck_assert(buf_ok(text));
}

/* As Markdown has a block of text: each line, unless empty, by four spaces. */
static void
indent(const char *text, struct buf *out)
{
	for (const char *at = text; *at != '\0'; at++) {
		if ((at == text || at[-1] == '\n') && *at != '\n')
			buf_puts(out, "    ");
		buf_add(out, at, 1);
	}
}

START_TEST(the_readme_has_the_drawing_of_the_table)
{
	struct buf readme CLEANUP(buf_done) = BUF_INIT(1 << 20);
	struct buf drawing CLEANUP(buf_done) = BUF_INIT(1 << 20);
	struct buf block CLEANUP(buf_done) = BUF_INIT(1 << 20);

	read_file("README.md", &readme);
	draw_text(&exposed_key, &drawing);
	indent(buf_text(&drawing), &block);
	ck_assert_msg(strstr(buf_text(&readme), buf_text(&block)) != NULL,
	    "README.md should have\n%s", buf_text(&block));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/drawing");
	TCase *tests = tcase_create("drawing");

	tcase_add_test(tests, the_readme_has_the_drawing_of_the_table);
	suite_add_tcase(suite, tests);
	return suite;
}
