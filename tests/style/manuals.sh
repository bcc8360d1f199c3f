#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages: they tell of every line in the journal that has an id, and
# mandoc finds nothing to say against them.

. "${srcdir:-.}/tests/style/lib.sh"

# Prints the ids that the daemon uses and the manual lacks.
untold()
{
	sed -n 's/^#define \(MESSAGE_ID_[A-Z_]*\) *"\(.*\)"/\1 \2/p' \
	    "$top/src/util/message_id.h" |
	    while read -r name id; do
		    ! grep -qrw --include='*.c' "$name" "$top/src" ||
			grep -q "$id" "$top/man/keyguardd.8" || echo "$name"
	    done
}

echo 1..2
verdict "keyguardd(8) has each MESSAGE_ID that is used" "$(untold)"
if ! command -v mandoc >/dev/null; then
	echo "ok - the manual pages are good mdoc # SKIP no mandoc"
	exit 0
fi
# Whether other manuals are installed here says nothing about ours.
verdict "the manual pages are good mdoc" "$(mandoc -Tlint -Wstyle \
    "$top"/man/*.[1-8] 2>&1 | grep -v -e 'referenced manual not found' \
    -e 'outdated mandoc.db')"
