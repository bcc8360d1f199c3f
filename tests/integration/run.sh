#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh FILE
#
# Runs a test in Python in the build tree. Those for pytest, named test_*, are
# run by the Python of the virtual environment, or by the system's where there
# is none; others speak TAP themselves, and need nothing but where it is said.
export KEYGUARD_BUILD="$PWD"
case $1 in
*/test_*)
	[ ! -e tests/venv/made-of ] || PYTHON=tests/venv/bin/python
	if ! "$PYTHON" -c 'import pytest' 2>/dev/null; then
		echo '1..0 # SKIP no pytest here'
		exit 0
	fi
	exec "$PYTHON" -B -m pytest -p no:cacheprovider --tap "$1" ;;
*/conform.py) # moto
	[ ! -e tests/venv/made-of ] || PYTHON=tests/venv/bin/python
	exec "$PYTHON" -B "$1" ;;
*)
	exec "$PYTHON" -B "$1" ;;
esac
