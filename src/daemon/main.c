/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardd: answers exposed AWS access keys.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "daemon/config.h"
#include "daemon/journald.h"
#include "daemon/wiring.h"
#include "loop/http.h"
#include "util/alloc.h"
#include "util/buf.h"

#define USAGE                                                                  \
	"usage: keyguardd [-c FILE] [--check] [--print-config] [--version]\n"

static int
usage(void)
{
	fputs(USAGE, stderr);
	return 2;
}

struct options {
	const char *file;
	bool check, print, version, help;
};

static bool
parse(int argc, char *argv[], struct options *options)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'k' },
		{ "print-config", no_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:h", longs, NULL)) != -1)
		switch (option) {
		case 'c':
			options->file = optarg;
			break;
		case 'k':
			options->check = true;
			break;
		case 'p':
			options->print = true;
			break;
		case 'V':
			options->version = true;
			break;
		case 'h':
			options->help = true;
			break;
		default:
			return false;
		}
	return optind == argc;
}

static int
run(const struct options *options)
{
	struct buf text = BUF_INIT((size_t)1 << 20);
	struct config config;
	int status = 0;

	if (!config_load(&config, options->file, getenv, &text)) {
		fputs(buf_text(&text), stderr);
		status = EX_CONFIG;
	} else if (options->print) {
		config_print(&config, &text);
		fputs(buf_text(&text), stdout);
	} else if (options->check) {
		printf("%s: good\n", options->file);
	} else {
		journald_bind();
		status = wiring_run(&config, options->file);
	}
	buf_done(&text);
	config_done(&config);
	return status;
}

int
main(int argc, char *argv[])
{
	struct options options = { .file = CONFIG_FILE };

	alloc_init();
	http_init();
	if (!parse(argc, argv, &options))
		return usage();
	if (options.help) {
		fputs(USAGE, stdout);
		return 0;
	}
	if (options.version) {
		printf("keyguardd %s\n", PACKAGE_VERSION);
		return 0;
	}
	return run(&options);
}
