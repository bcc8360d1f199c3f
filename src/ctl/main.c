/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl: the command line to a running keyguardd. */
#include <locale.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "util/clock.h"

#define USUAL 80 /* columns of a terminal that says nothing: a serial line */

int
main(int argc, char *argv[])
{
	struct winsize size = { .ws_col = 0 };
	struct ctl ctl = {
		.out = stdout,
		.err = stderr,
		.patience_ms = (int)SECONDS(30),
	};

	setlocale(LC_ALL, "");
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		ctl.width = size.ws_col > 0 ? size.ws_col : USUAL;
	return ctl_run(&ctl, argc, argv);
}
