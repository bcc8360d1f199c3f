/* SPDX-License-Identifier: Apache-2.0 */
/* XML: what AWS sends, and everything hostile that must be refused. */
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/xml.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define XML_LATER    CLEANUP(xml_free_at)

static struct xml *
parsed(const char *text)
{
	struct error error = { 0 };
	struct xml *xml = xml_parse(text, strlen(text), &error);

	ck_assert_msg(xml != NULL, "%s: %s", text, error.cause);
	return xml;
}

START_TEST(an_answer_of_iam)
{
	XML_LATER struct xml *xml =
	    parsed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<GetAccessKeyLastUsedResponse "
		   "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
		   "  <GetAccessKeyLastUsedResult>\n"
		   "    <UserName>bob</UserName>\n"
		   "    <AccessKeyLastUsed><Region>us-east-1</Region>"
		   "</AccessKeyLastUsed>\n"
		   "  </GetAccessKeyLastUsedResult>\n"
		   "  <ResponseMetadata><RequestId>1-2</RequestId>"
		   "</ResponseMetadata>\n"
		   "</GetAccessKeyLastUsedResponse>\n");

	ck_assert_str_eq(xml_root(xml), "GetAccessKeyLastUsedResponse");
	ck_assert_str_eq(
	    xml_text(xml, "GetAccessKeyLastUsedResult/UserName"), "bob");
	ck_assert_str_eq(xml_text(xml,
			     "GetAccessKeyLastUsedResult/AccessKeyLastUsed/"
			     "Region"),
	    "us-east-1");
	ck_assert_str_eq(xml_text(xml, "ResponseMetadata/RequestId"), "1-2");
	ck_assert_ptr_null(xml_text(xml, "UserName"));
	ck_assert_ptr_null(
	    xml_text(xml, "GetAccessKeyLastUsedResult/UserName/Name"));
}
END_TEST

START_TEST(empty_is_not_absent)
{
	XML_LATER struct xml *xml = parsed("<A><B/><C></C></A>");

	ck_assert_str_eq(xml_text(xml, "B"), "");
	ck_assert_str_eq(xml_text(xml, "C"), "");
	ck_assert_ptr_null(xml_text(xml, "D"));
	ck_assert_ptr_null(xml_text(xml, "B/C"));
}
END_TEST

START_TEST(names_match_whole)
{
	XML_LATER struct xml *xml =
	    parsed("<A><CodeX>1</CodeX><Cod>2</Cod><Code>3</Code></A>");

	ck_assert_str_eq(xml_text(xml, "Code"), "3");
	ck_assert_ptr_null(xml_text(xml, "Co"));
}
END_TEST

START_TEST(the_first_of_its_name_counts)
{
	XML_LATER struct xml *xml =
	    parsed("<A><B>1</B><B>2</B><C><D/></C><C><E>x</E></C></A>");

	ck_assert_str_eq(xml_text(xml, "B"), "1");
	ck_assert_ptr_null(xml_text(xml, "C/E"));
}
END_TEST

START_TEST(namespaces_and_attributes_are_ignored)
{
	XML_LATER struct xml *xml =
	    parsed("<p:A xmlns:p=\"urn:one\" id=\"7\">"
		   "<B xmlns=\"urn:two\" a=\"b\">text</B></p:A>");

	ck_assert_str_eq(xml_root(xml), "A");
	ck_assert_str_eq(xml_text(xml, "B"), "text");
}
END_TEST

START_TEST(text_is_gathered)
{
	XML_LATER struct xml *xml =
	    parsed("<A><B>one &amp; <!-- not this --><![CDATA[<two> & ]]>"
		   "three&lt;&gt;&quot;&apos;\nfour<?nor this?></B></A>");

	ck_assert_str_eq(xml_text(xml, "B"), "one & <two> & three<>\"'\nfour");
}
END_TEST

START_TEST(numeric_entities_are_characters)
{
	XML_LATER struct xml *xml =
	    parsed("<A><B>h&#233;llo &#x2603; &#x1F600;</B></A>");

	ck_assert_str_eq(
	    xml_text(xml, "B"), "h\xc3\xa9llo \xe2\x98\x83 \xf0\x9f\x98\x80");
}
END_TEST

static const struct {
	const char *text, *cause;
} refused[] = {
	{ "", "line 1: " },
	{ "text", "line 1: " },
	{ "<A>", "line 1: " },
	{ "<A>\n\n<B></A>", "line 3: mismatched tag" },
	{ "<A/><B/>", "junk after document element" },
	{ "<A/>text", "junk after document element" },
	{ "<A>&unknown;</A>", "undefined entity" },
	{ "<A>&#0;</A>", "invalid character" },
	{ "<A>&#xD800;</A>", "invalid character" },
	{ "<A>\x01</A>", "not well-formed" },
	{ "<A>\xff</A>", "not well-formed" },
	{ "<A>\xed\xa0\x80</A>", "not well-formed" },
	{ "<p:A/>", "unbound prefix" },
	{ "<A b='1' b='2'/>", "duplicate attribute" },
	{ "<!DOCTYPE A><A/>", "it declares a document type" },
	{ "<!DOCTYPE A SYSTEM \"file:///etc/passwd\"><A/>",
	    "it declares a document type" },
	{ "<!DOCTYPE A [<!ENTITY a \"aaa\"><!ENTITY b \"&a;&a;\">]>"
	  "<A>&b;</A>",
	    "it declares a document type" },
};

START_TEST(anything_else_is_refused)
{
	struct error error = { 0 };
	const char *text = refused[_i].text;

	ck_assert_ptr_null(xml_parse(text, strlen(text), &error));
	ck_assert_str_eq(error.name, "Xml.Malformed");
	ck_assert_msg(strstr(error.cause, refused[_i].cause) != NULL, "%s: %s",
	    text, error.cause);
}
END_TEST

START_TEST(a_nul_is_refused)
{
	ck_assert_ptr_null(xml_parse("<A>x\0y</A>", 10, NULL));
	ck_assert_ptr_null(xml_parse("<A/>\0", 5, NULL));
}
END_TEST

static char *
nested(size_t depth)
{
	char *text = xzalloc(depth * 7 + 1), *at = text;

	for (size_t i = 0; i < depth; i++, at += 3)
		memcpy(at, "<a>", 3);
	for (size_t i = 0; i < depth; i++, at += 4)
		memcpy(at, "</a>", 4);
	return text;
}

START_TEST(depth_is_capped)
{
	struct error error = { 0 };
	FREE_LATER char *most = nested(XML_DEPTH);
	FREE_LATER char *more = nested(XML_DEPTH + 1);
	XML_LATER struct xml *xml = parsed(most);

	ck_assert_str_eq(xml_root(xml), "a");
	ck_assert_ptr_null(xml_parse(more, strlen(more), &error));
	ck_assert_ptr_nonnull(strstr(error.cause, "nested too deeply"));
}
END_TEST

START_TEST(size_is_capped)
{
	struct error error = { 0 };
	FREE_LATER char *text = xzalloc(XML_MAX + 1);

	memset(text, ' ', XML_MAX + 1);
	memcpy(text, "<A/>", 4);
	XML_LATER struct xml *xml = xml_parse(text, XML_MAX, &error);

	ck_assert_ptr_nonnull(xml);
	ck_assert_ptr_null(xml_parse(text, XML_MAX + 1, &error));
	ck_assert_str_eq(error.name, "Xml.Malformed");
	ck_assert_str_eq(error.cause, "1048577 bytes");
}
END_TEST

START_TEST(nothing_is_freed)
{
	struct xml *none = NULL;

	ck_assert_ptr_null(xml_free(NULL));
	xml_free_at(&none);
	ck_assert_ptr_null(none);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/xml");
	TCase *tcase = tcase_create("xml");

	tcase_add_test(tcase, an_answer_of_iam);
	tcase_add_test(tcase, empty_is_not_absent);
	tcase_add_test(tcase, names_match_whole);
	tcase_add_test(tcase, the_first_of_its_name_counts);
	tcase_add_test(tcase, namespaces_and_attributes_are_ignored);
	tcase_add_test(tcase, text_is_gathered);
	tcase_add_test(tcase, numeric_entities_are_characters);
	tcase_add_loop_test(tcase, anything_else_is_refused, 0, COUNT(refused));
	tcase_add_test(tcase, a_nul_is_refused);
	tcase_add_test(tcase, depth_is_capped);
	tcase_add_test(tcase, size_is_capped);
	tcase_add_test(tcase, nothing_is_freed);
	suite_add_tcase(suite, tcase);
	return suite;
}
