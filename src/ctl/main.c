/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl: the command line to a running keyguardd. */
#include <stdio.h>
#include <string.h>

int
main(int argc, char *argv[])
{
	if (argc != 2 || strcmp(argv[1], "--version") != 0) {
		fprintf(stderr, "usage: keyguardctl --version\n");
		return 2;
	}
	printf("keyguardctl %s\n", PACKAGE_VERSION);
	return 0;
}
