/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that comes to be as a whole or not at all: it is written under another
 * name beside its own, and gets that when it is on the disk. Only its owner can
 * read it. What fails leaves its reason in errno.
 */
#ifndef KG_CTL_NEWFILE_H
#define KG_CTL_NEWFILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct newfile {
	const char *path;
	FILE *file;      /* to be written to */
	char *temporary; /* its name; NULL: it has its own, or is not there */
	sigset_t before; /* which signals were held */
};

/* Whether there is nothing of that name, and could be: EEXIST, ENOENT, ... */
bool newfile_possible(const char *path);

/* Opens it. From now on signals that would end us are held. The caller closes
 * it, also if this fails. */
bool newfile_open(struct newfile *newfile, const char *path);

/* Whether we were told to end meanwhile. */
bool newfile_unwanted(void);

/* It is whole: brings it to the disk and gives it its name. */
bool newfile_finish(struct newfile *newfile);

/* Removes it if it is not finished. Then signals take their effect. Fine if
 * all is zero. */
void newfile_close(struct newfile *newfile);

#endif
