#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# venv.sh FOLDER REQUIREMENTS
#
# Makes a virtual environment of $PYTHON, once for each state of the list. No
# index in reach is no error: the tests that need one say so and are skipped.
set -u
venv=$1
want=$("$PYTHON" --version && cat "$2") || exit 0
want=$(echo "$want" | sha256sum)
[ "$(cat "$venv/made-of" 2>/dev/null)" != "$want" ] || exit 0

rm -rf "$venv"
if "$PYTHON" -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
    --root-user-action=ignore --retries 1 -r "$2"; then
	echo "$want" >"$venv/made-of"
else
	rm -rf "$venv"
	echo 'venv.sh: the Python index did not give what the tests need:' \
	    'those with moto, Varlink and the ASL validators are skipped' >&2
fi
