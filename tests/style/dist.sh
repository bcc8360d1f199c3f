#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is in the repository is in the tarball: make dist knows only the files
# that Makefile.am names, by themselves or by a folder of theirs. Of a test
# program it names the program, not the source.
. "${srcdir:-.}/tests/style/lib.sh"

forgotten()
{
	git -C "$top" ls-files etc man src systemd tests | awk '
	NR == FNR { for (i = 1; i <= NF; i++) named[$i]; next }
	{
		program = $0
		sub(/\.c$/, "", program)
		found = program in named
		for (path = $0; path != "" && !found; path = folder(path))
			found = path in named
		if (!found)
			print
	}
	function folder(path) {
		return sub(/\/[^\/]*$/, "", path) ? path : ""
	}' "$top/Makefile.am" -
}

echo 1..1
if [ -e "$top/.git" ] && command -v git >/dev/null; then
	verdict 'all files are distributed' "$(forgotten)"
else
	echo 'ok - all files are distributed # SKIP needs a repository'
fi
