#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tests that tests/README.md names are there.
. "${srcdir:-.}/tests/style/lib.sh"

tests=$top/tests

# there NAME: whether it is a test of its kind.
there()
{
	case $1 in
	*.scn) [ -e "$tests/scenarios/stories/$1" ] ;;
	*.py::*) grep -q "^def ${1#*::}(" "$tests/integration/${1%%::*}" ;;
	*:*) grep -q "START_TEST(${1#*:})" "$tests/unit/${1%%:*}.c" ;;
	*) [ -e "$tests/scenarios/$1.c" ] || [ -e "$tests/faults/$1.c" ] ||
	    [ -e "$tests/faults/$1.py" ] ||
	    [ -e "$tests/simulation/$1.c" ] ;;
	esac 2>/dev/null
}

# The names in the last column of tables with three.
named()
{
	sed -n 's/^| .* | .* | \(`.*`\) |$/\1/p' "$tests/README.md" |
	    tr -d '`,'
}

missing()
{
	for name in $(named); do
		there "$name" || echo "$name"
	done
}

echo 1..2
verdict 'named tests are there' "$(missing)"
# Rows that hold no test are not read above.
verdict 'each row names tests' \
    "$(grep '^| .* | .* |$' "$tests/README.md" | grep -v '`.*` |$' |
	grep -v '^| \(case\|folder\) \|^| `')"
