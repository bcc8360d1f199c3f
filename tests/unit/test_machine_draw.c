/* SPDX-License-Identifier: Apache-2.0 */
/* The three drawings, of the bench's table and of an odd one. */
#include "machine/draw.h"

#include <string.h>

#include "machine/task.h"
#include "unit/machine_rig.h"
#include "unit/unit.h"
#include "util/cleanup.h"
#include "util/doc.h"

START_TEST(the_text)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100000);

	draw_text(&rig_machine, &out);
	ck_assert_str_eq(buf_text(&out),
	    "rig\n"
	    "A bench.\n"
	    "\n"
	    "      Delete\n"
	    "      |   iam:delete, within 15 s, one of a lane at a time\n"
	    "      |   held by Hold.On until it is released\n"
	    "      |   retry Class.Throttled 3 times: 1 s, x2, up to 10 s\n"
	    "      |   retry States.Timeout 2 times: 2 s, x1.5\n"
	    "  +---|-- catch Come.Back: error in $.error-info, uncontained, "
	    "again\n"
	    "  +---|-- catch States.ALL: error in $.error-info, uncontained\n"
	    "  |   |   result in $.deletion, contained\n"
	    "  |   v\n"
	    "  |   Lookup\n"
	    "  |   |   trail:lookup, within 60 s\n"
	    "  |   |   retry Try.Again 1 time: 5 s, x2\n"
	    "  +---|-- catch Give.Up: error in $.summary-error\n"
	    "  |   |   result in $.summary\n"
	    "  |   v\n"
	    "  +-> Notify\n"
	    "      |   sns:publish, within 15 s, once all before it is "
	    "durable\n"
	    "      |   retry Class.Throttled 1 time: 1 s, x2\n"
	    "      |   result in $.notification\n"
	    "      v\n"
	    "      (done)\n"
	    "\n"
	    "what failed is redriven, what says again is retried: after "
	    "5 min, x2, up to 1 h\n");
}
END_TEST

static const struct task task = { .resource = "a:b",
	.asl_resource = "arn:aws:states:::a:b",
	.service = "A" };

/* Names as long as ASL lets them be, ways back and across. */
static const struct retrier odd_retry[] = {
	{ { "An.ErrorWithAQuiteLengthyNameIndeed",
	      "Another.OneOfThatKindOfName", "Class.Throttled",
	      "Class.Unused" },
	    1, 1.0, 31622400, 99999998, JITTER_FULL },
	{ { "Class.Unused" }, 0, 0, 0, 1, JITTER_NONE },
	{ .error_equals = { NULL } },
};
static const struct catcher odd_catch[] = {
	{ { "A.B", "C.D" }, 1, "$", NULL, false },
	{ { "Class.Unused" }, 2, "$.x", NULL, false },
	{ { "States.ALL" }, 2, "$.x", "lost & <found>", false },
	{ .error_equals = { NULL } },
};
static const struct state odd_states[] = {
	{ .name = "Last",
	    .task = &task,
	    .timeout_seconds = 1,
	    .next = STATE_END,
	    .result_path = "$" },
	{ .name = "TheFirstStateHasANameThatIsAboutAsLongAsAStateMayHaveOne"
		  "ButForAFewLetters",
	    .task = &task,
	    .timeout_seconds = 99999998,
	    .retry = odd_retry,
	    .catch = odd_catch,
	    .next = 3,
	    .result_path = "$.a" },
	{ .name = "Aside",
	    .task = &task,
	    .timeout_seconds = 1,
	    .next = 0,
	    .result_path = "$" },
	{ .name = "Back",
	    .task = &task,
	    .timeout_seconds = 1,
	    .catch = odd_catch,
	    .next = 1,
	    .result_path = "$" },
};
static const struct machine odd = {
	.name = "odd", .states = odd_states, .count = 4, .start_at = 1
};

START_TEST(an_odd_text)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100000);

	draw_text(&odd, &out);
	ck_assert_str_eq(buf_text(&out),
	    "odd\n"
	    "\n"
	    "  +-----> "
	    "TheFirstStateHasANameThatIsAboutAsLongAsAStateMayHaveOne"
	    "ButForAFewLett\n"
	    "  |       |     ers\n"
	    "  |       |   a:b, within 99999998 s\n"
	    "  |       |   retry An.ErrorWithAQuiteLengthyNameIndeed,\n"
	    "  |       |     Another.OneOfThatKindOfName, "
	    "Class.Throttled, Class.Unused\n"
	    "  |       |     99999998 times: 1 s, x1, up to 31622400 "
	    "s, full jitter\n"
	    "  |       |   retry Class.Unused 1 time: 1 s, x2\n"
	    "  +-------|-- catch A.B, C.D: error in $\n"
	    "  | +-----|-- catch Class.Unused: error in $.x\n"
	    "  | +-----|-- catch States.ALL: error in $.x, lost & "
	    "<found>\n"
	    "  | |     |   result in $.a\n"
	    "  | |     v\n"
	    "  | |     Back\n"
	    "  | |     |   a:b, within 1 s\n"
	    "  +-|-----|-- catch A.B, C.D: error in $\n"
	    "  | +-----|-- catch Class.Unused: error in $.x\n"
	    "  | +-----|-- catch States.ALL: error in $.x, lost & "
	    "<found>\n"
	    "  +-|-----+-- result in $\n"
	    "    |\n"
	    "    | +-> Last\n"
	    "    | |   |   a:b, within 1 s\n"
	    "    | |   +-> (done) result in $\n"
	    "    | |\n"
	    "    +-|-> Aside\n"
	    "      |   |   a:b, within 1 s\n"
	    "      +---+-- result in $\n"
	    "\n");
}
END_TEST

/* A catcher of each leads to the next: more rails than columns. */
START_TEST(a_text_without_room)
{
	enum { MANY = 40 };
	struct catcher catch[MANY][2] = { 0 };
	struct state states[MANY];
	const struct machine wide = {
		.name = "wide", .states = states, .count = MANY
	};
	CLEANUP(buf_done) struct buf out = BUF_INIT(1000000);

	for (int i = 0; i < MANY; i++) {
		states[i] = odd_states[0];
		states[i].catch = catch[i];
		catch[i][0] = odd_catch[0];
		catch[i][0].next = (i + 1) % MANY;
	}
	draw_text(&wide, &out);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "+-> (done) r\n"));
}
END_TEST

/* One name of each class for this task, and of one class none. */
static void
expand(const char *class_name, const struct task *of,
    void (*each)(void *arg, const char *name), void *arg)
{
	if (strcmp(class_name, "Class.Throttled") != 0)
		return;
	each(arg, "Http.429");
	each(arg, of->service);
	each(arg, "Http.429");
}

START_TEST(the_dot)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100000);

	draw_dot(&rig_machine, &out);
	ck_assert_str_eq(buf_text(&out),
	    "digraph machine {\n"
	    "\tlabelloc = t;\n"
	    "\tfontname = \"Helvetica\";\n"
	    "\tlabel = <<b>rig</b><br/>A bench.<br/>what failed "
	    "is redriven, what says again is retried: after 5 min, x2, up to "
	    "1 h>;\n"
	    "\trankdir = TB;\n"
	    "\tnode [shape = box, style = rounded, fontname = "
	    "\"Helvetica\",\n"
	    "\t    fontsize = 11, margin = \"0.2,0.1\"];\n"
	    "\tedge [fontname = \"Helvetica\", fontsize = 10];\n"
	    "\tstart [shape = circle, style = filled, fillcolor = "
	    "black,\n"
	    "\t    label = \"\", width = 0.2];\n"
	    "\tdone [shape = doublecircle, style = filled, "
	    "fillcolor = black,\n"
	    "\t    label = \"\", width = 0.15];\n"
	    "\ts0 [label = <<b>Delete</b><br/>iam:delete, within 15 "
	    "s, one of a lane at a time<br align=\"left\"/>held by Hold.On "
	    "until it is released<br align=\"left\"/>retry "
	    "Class.Throttled 3 times: 1 s, x2, up to 10 s<br "
	    "align=\"left\"/>retry States.Timeout 2 times: 2 s, "
	    "x1.5<br align=\"left\"/>>];\n"
	    "\ts1 [label = <<b>Lookup</b><br/>trail:lookup, within "
	    "60 s<br align=\"left\"/>retry Try.Again 1 time: 5 s, "
	    "x2<br align=\"left\"/>>];\n"
	    "\ts2 [label = <<b>Notify</b><br/>sns:publish, within "
	    "15 s, once all before it is durable<br "
	    "align=\"left\"/>retry Class.Throttled 1 time: 1 s, "
	    "x2<br align=\"left\"/>>];\n"
	    "\tstart -> s0;\n"
	    "\ts0 -> s1 [style = solid, label = <result in "
	    "$.deletion, contained<br align=\"left\"/>>];\n"
	    "\ts0 -> s2 [style = dashed, label = <catch Come.Back: "
	    "error in $.error-info, uncontained, again<br "
	    "align=\"left\"/>>];\n"
	    "\ts0 -> s2 [style = dashed, label = <catch States.ALL: "
	    "error in $.error-info, uncontained<br "
	    "align=\"left\"/>>];\n"
	    "\ts1 -> s2 [style = solid, label = <result in "
	    "$.summary<br align=\"left\"/>>];\n"
	    "\ts1 -> s2 [style = dashed, label = <catch Give.Up: "
	    "error in $.summary-error<br align=\"left\"/>>];\n"
	    "\ts2 -> done [style = solid, label = <result in "
	    "$.notification<br align=\"left\"/>>];\n"
	    "}\n");
}
END_TEST

START_TEST(an_odd_dot)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100000);

	draw_dot(&odd, &out);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "start -> s1;\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&out),
	    "s3 -> s2 [style = dashed, label = <catch States.ALL: error in "
	    "$.x, lost &amp; &lt;found&gt;<br align=\"left\"/>>];\n"));
}
END_TEST

static struct json_object *
asl(const struct machine *machine)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100000);

	draw_asl(machine, expand, &out);
	return doc_parse(out.data, out.len - 1, NULL);
}

static void
assert_text(struct json_object *doc, const char *path, const char *text)
{
	FREE_LATER char *got = doc_text(doc_at(doc, path));

	ck_assert_str_eq(got, text);
}

START_TEST(the_asl)
{
	DOC_LATER struct json_object *doc = asl(&rig_machine);

	assert_text(doc, "Comment",
	    "\"A bench.; what failed is redriven, what says again is retried: "
	    "after 5 min, x2, up to 1 h\"");
	assert_text(doc, "StartAt", "\"Delete\"");
	assert_text(doc, "States.Delete",
	    "{\"Type\":\"Task\",\"Comment\":\"iam:delete, within 15 s, "
	    "one of a lane at a time; held by Hold.On until it is released; "
	    "result in $.deletion, "
	    "contained; catch 1 says again\",\"Resource\":\"arn:delete\","
	    "\"TimeoutSeconds\":15,\"ResultPath\":\"$.deletion\","
	    "\"Retry\":[{\"ErrorEquals\":[\"Hold.On\"],"
	    "\"IntervalSeconds\":60,\"BackoffRate\":1.0,"
	    "\"MaxAttempts\":99999998,\"JitterStrategy\":\"NONE\"},"
	    "{\"ErrorEquals\":[\"Http.429\",\"IAM\"],"
	    "\"IntervalSeconds\":1,\"BackoffRate\":2.0,"
	    "\"MaxDelaySeconds\":10,\"MaxAttempts\":3,"
	    "\"JitterStrategy\":\"NONE\"},"
	    "{\"ErrorEquals\":[\"States.Timeout\"],\"IntervalSeconds\":2,"
	    "\"BackoffRate\":1.5,\"MaxAttempts\":2,"
	    "\"JitterStrategy\":\"NONE\"}],"
	    "\"Catch\":[{\"ErrorEquals\":[\"Come.Back\"],"
	    "\"ResultPath\":\"$.error-info\",\"Next\":\"Notify\"},"
	    "{\"ErrorEquals\":[\"States.ALL\"],"
	    "\"ResultPath\":\"$.error-info\",\"Next\":\"Notify\"}],"
	    "\"Next\":\"Lookup\"}");
	assert_text(doc, "States.Lookup.Retry",
	    "[{\"ErrorEquals\":[\"Try.Again\"],\"IntervalSeconds\":5,"
	    "\"MaxAttempts\":1,\"JitterStrategy\":\"NONE\"}]");
	assert_text(doc, "States.Notify",
	    "{\"Type\":\"Task\",\"Comment\":\"sns:publish, within 15 s, "
	    "once all before it is durable; result in "
	    "$.notification\",\"Resource\":\"arn:publish\","
	    "\"TimeoutSeconds\":15,\"ResultPath\":\"$.notification\","
	    "\"Retry\":[{\"ErrorEquals\":[\"Http.429\",\"SNS\"],"
	    "\"IntervalSeconds\":1,\"MaxAttempts\":1,"
	    "\"JitterStrategy\":\"NONE\"}],\"End\":true}");
}
END_TEST

START_TEST(a_rate_in_the_asl_is_exact)
{
	static const struct retrier retry[] = {
		{ { "A" }, 1, 1.23456789, 0, 1, JITTER_NONE },
		{ .error_equals = { NULL } },
	};
	struct state state = rig_machine.states[NOTIFY];
	struct machine machine = { .name = "m", .states = &state, .count = 1 };
	DOC_LATER struct json_object *doc = NULL;

	state.retry = retry;
	doc = asl(&machine);
	assert_text(doc, "States.Notify.Retry",
	    "[{\"ErrorEquals\":[\"A\"],\"IntervalSeconds\":1,"
	    "\"BackoffRate\":1.23456789,\"MaxAttempts\":1,"
	    "\"JitterStrategy\":\"NONE\"}]");
}
END_TEST

/* Classes become their codes, each once; a row that nothing is left of is left
 * out; so are fields that are not given. */
START_TEST(an_odd_asl)
{
	DOC_LATER struct json_object *doc = asl(&odd);
	const char *first =
	    "States.TheFirstStateHasANameThatIsAboutAsLongAsAStateMayHaveOne"
	    "ButForAFewLetters";

	ck_assert_ptr_null(doc_at(doc, "Comment"));
	assert_text(doc_at(doc, first), "Retry",
	    "[{\"ErrorEquals\":[\"An.ErrorWithAQuiteLengthyNameIndeed\""
	    ",\"Another.OneOfThatKindOfName\",\"Http.429\",\"A\"],"
	    "\"IntervalSeconds\":1,\"BackoffRate\":1.0,"
	    "\"MaxDelaySeconds\":31622400,\"MaxAttempts\":99999998,"
	    "\"JitterStrategy\":\"FULL\"}]");
	assert_text(doc_at(doc, first), "Catch",
	    "[{\"ErrorEquals\":[\"A.B\",\"C.D\"],\"ResultPath\":\"$\","
	    "\"Next\":\"TheFirstStateHasANameThatIsAboutAsLongAsAState"
	    "MayHaveOneButForAFewLetters\"},"
	    "{\"ErrorEquals\":[\"States.ALL\"],\"ResultPath\":\"$.x\","
	    "\"Next\":\"Aside\"}]");
	assert_text(doc, "States.Last",
	    "{\"Type\":\"Task\",\"Comment\":\"a:b, within 1 s; result in "
	    "$\",\"Resource\":\"arn:aws:states:::a:b\","
	    "\"TimeoutSeconds\":1,\"ResultPath\":\"$\",\"End\":true}");
}
END_TEST

static const struct {
	const char *comment;
	int first, most; /* seconds */
	const char *text;
} comments[] = {
	{ "A bench.", 0, 0, "\"A bench.\"" },
	{ NULL, 45, 0,
	    "\"what failed is redriven, what says again is retried: after "
	    "45 s, x2\"" },
};

START_TEST(a_comment_is_of_what_there_is)
{
	struct machine machine = odd;
	DOC_LATER struct json_object *doc = NULL;

	machine.comment = comments[_i].comment;
	machine.redrive.interval_seconds = comments[_i].first;
	machine.redrive.max_delay_seconds = comments[_i].most;
	doc = asl(&machine);
	assert_text(doc, "Comment", comments[_i].text);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/draw");
	TCase *drawings = tcase_create("drawings");

	tcase_add_test(drawings, the_text);
	tcase_add_test(drawings, an_odd_text);
	tcase_add_test(drawings, a_text_without_room);
	tcase_add_test(drawings, the_dot);
	tcase_add_test(drawings, an_odd_dot);
	tcase_add_test(drawings, the_asl);
	tcase_add_test(drawings, a_rate_in_the_asl_is_exact);
	tcase_add_test(drawings, an_odd_asl);
	tcase_add_loop_test(drawings, a_comment_is_of_what_there_is, 0,
	    sizeof comments / sizeof comments[0]);
	suite_add_tcase(suite, drawings);
	return suite;
}
