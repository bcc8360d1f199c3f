#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages: mandoc finds nothing to say against them.

. "${srcdir:-.}/tests/style/lib.sh"

if ! command -v mandoc >/dev/null; then
	echo "1..0 # SKIP no mandoc"
	exit 0
fi
echo 1..1
# Whether other manuals are installed here says nothing about ours.
verdict "the manual pages are good mdoc" "$(mandoc -Tlint -Wstyle \
    "$top"/man/*.[1-8] 2>&1 | grep -v -e 'referenced manual not found' \
    -e 'outdated mandoc.db')"
