/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML by expat into a small tree. Names lose their namespace, text of one
 * element is gathered into one string, all else is dropped.
 */
#include "util/xml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* Between namespace and local name: cannot stand in either. */
#define SEPARATOR '\n'

struct xml {
	char *name;
	struct buf text;
	struct xml *child, *last_child;
	struct xml *next; /* sibling */
};

struct reader {
	XML_Parser parser;
	struct xml *root;
	struct xml *open[XML_DEPTH]; /* the way from the root to here */
	size_t depth;
	const char *refusal; /* why we, not expat, stopped */
};

struct xml *
xml_free(struct xml *xml)
{
	while (xml != NULL) {
		struct xml *next = xml->next;

		/* As deep as XML_DEPTH at most. */
		xml_free(xml->child);
		buf_done(&xml->text);
		free(xml->name);
		free(xml);
		xml = next;
	}
	return NULL;
}

void
xml_free_at(struct xml **xml)
{
	*xml = xml_free(*xml);
}

static void
refuse(struct reader *reader, const char *refusal)
{
	reader->refusal = refusal;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void
attach(struct reader *reader, struct xml *element)
{
	struct xml *parent;

	if (reader->depth == 0) {
		reader->root = element;
		return;
	}
	parent = reader->open[reader->depth - 1];
	if (parent->child == NULL)
		parent->child = element;
	else
		parent->last_child->next = element;
	parent->last_child = element;
}

static void
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *reader = arg;
	const char *local = strrchr(name, SEPARATOR);
	struct xml *element;

	(void)attributes;
	if (reader->depth == XML_DEPTH) {
		refuse(reader, "nested too deeply");
		return;
	}
	element = xzalloc(sizeof *element);
	element->name = xstrdup(local == NULL ? name : local + 1);
	element->text = (struct buf)BUF_INIT(XML_MAX);
	attach(reader, element);
	reader->open[reader->depth++] = element;
}

static void
on_end(void *arg, const XML_Char *name)
{
	struct reader *reader = arg;

	(void)name;
	reader->depth--;
}

/* A text may come in several pieces: around entities, lines and CDATA. */
static void
on_text(void *arg, const XML_Char *bytes, int len)
{
	struct reader *reader = arg;

	if (!buf_add(
		&reader->open[reader->depth - 1]->text, bytes, (size_t)len))
		refuse(reader, "too large");
}

static void
on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	refuse(arg, "it declares a document type");
}

static void
parser_free_at(XML_Parser *parser)
{
	XML_ParserFree(*parser);
}

/* What AWS sends is UTF-8; a document that says otherwise is not believed. */
static XML_Parser
parser_new(struct reader *reader)
{
	static const XML_Memory_Handling_Suite memory = { xmalloc, xrealloc,
		free };
	static const XML_Char separator[] = { SEPARATOR, '\0' };
	XML_Parser parser = XML_ParserCreate_MM("UTF-8", &memory, separator);

	if (parser == NULL)
		abort();
	XML_SetUserData(parser, reader);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	return parser;
}

struct xml *
xml_parse(const char *text, size_t len, struct error *error)
{
	struct reader reader = { 0 };
	CLEANUP(parser_free_at) XML_Parser parser = parser_new(&reader);

	reader.parser = parser;
	if (len > XML_MAX) {
		error_set(error, "Xml.Malformed", "%zu bytes", len);
		return NULL;
	}
	if (XML_Parse(parser, text, (int)len, XML_TRUE) == XML_STATUS_OK)
		return reader.root;
	error_set(error, "Xml.Malformed", "line %lu: %s",
	    (unsigned long)XML_GetCurrentLineNumber(parser),
	    reader.refusal != NULL ? reader.refusal
				   : XML_ErrorString(XML_GetErrorCode(parser)));
	return xml_free(reader.root);
}

static const struct xml *
child_of(const struct xml *xml, const char *name, size_t len)
{
	const struct xml *child = xml->child;

	while (child != NULL &&
	    (strncmp(child->name, name, len) != 0 || child->name[len] != '\0'))
		child = child->next;
	return child;
}

const char *
xml_text(const struct xml *xml, const char *path)
{
	while (xml != NULL && *path != '\0') {
		size_t len = strcspn(path, "/");

		xml = child_of(xml, path, len);
		path += len + (path[len] == '/');
	}
	return xml == NULL ? NULL : buf_text(&xml->text);
}

const char *
xml_root(const struct xml *xml)
{
	return xml->name;
}
