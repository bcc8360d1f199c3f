#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is installed as README.md says fits together: the unit starts a program
# that is there, and that looks for its configuration where it was put.
. "${srcdir:-.}/tests/style/lib.sh"

dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT

# there CASE PATH: whether the path, which is of the target, was installed.
there()
{
	[ -n "$2" ] && [ -e "$dest$2" ] &&
	    verdict "$1" '' ||
	    verdict "$1" "nothing was installed as '$2'"
}

echo 1..3
install=$(sed -n 's/.*sudo make -C build //p' "$top/README.md")
# The words of a command are split on purpose.
env -u MAKEFLAGS make $install DESTDIR="$dest" >"$dest/log" 2>&1 ||
    sed 's/^/# /' "$dest/log"
unit=$(find "$dest" -name keyguardd.service)
program=$(sed -n 's/^ExecStart=//p' "$unit")
there 'the program that the unit starts' "$program"
# It complains, since the file that is installed is to be filled in.
there 'the configuration that the program reads' \
    "$("$dest$program" --check 2>&1 | sed -n '1s/:.*//p')"
# A refused file makes `systemctl reload` fail; the words are split on purpose.
check=$(sed -n '/^ExecReload=/{s///p;q}' "$unit")
$dest$check >"$dest/log" 2>&1
[ $? -eq 78 ] &&
    verdict 'a reload is checked first' '' ||
    verdict 'a reload is checked first' "$check: $(cat "$dest/log")"
