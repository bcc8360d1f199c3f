#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# plants.sh [NAME...]
#
# The simulation can fail: plants each bug of plants/ in a copy of the source,
# builds a simulator of it, and lives seed after seed until the checker finds a
# broken promise that fits the bug, which its patch names. Run in the build
# tree.

here=${srcdir:-.}/tests/simulation
src=$(cd "${srcdir:-.}" && pwd)
SEEDS=2000 # in which it has to be found
CHUNK=20   # lived by one simulator

# The rest of the library, its flags and the way to link are the build's own.
# The planted objects come first, so that the library's are not asked for.
build()
{
	unset MAKEFLAGS MFLAGS MAKELEVEL
	${MAKE:-make} -s -f Makefile -f - "$1/simulate" <<END
$1/simulate: $2
	for file in $2; do \
	    \$(COMPILE) -c -o $1/\$\$(basename \$\$file .c).o $1/\$\$file || \
	        exit; \
	done
	\$(LINK) \$(tests_simulation_simulate_OBJECTS) $1/*.o \
	    \$(tests_simulation_simulate_LDADD) \$(LIBS)
$2:
END
}

# The first seed that breaks a promise of those, and which.
look_for()
{
	from=1
	while [ "$from" -le "$SEEDS" ]; do
		"$1/simulate" "$from" "$CHUNK" |
		    "$PYTHON" -B "$here/check.py" >"$1/found"
		for promise in $2; do
			sed -n "s/^not ok - \(seed [0-9]*: $promise\):.*/\1/p" \
			    "$1/found"
		done | sort -n -k 2 | head -n 1 | grep . && return
		from=$((from + CHUNK))
	done
	return 1
}

# plant NAME FOLDER: a TAP case.
plant()
{
	patch=$here/plants/$1.patch
	files=$(sed -n 's,^+++ b/,,p' "$patch" | tr '\n' ' ')
	for file in $files; do
		mkdir -p "$2/$(dirname "$file")"
		cp "$src/$file" "$2/$file"
	done
	if ! patch -s -p1 -d "$2" <"$patch" >"$2/log" 2>&1; then
		echo "not ok - $1: its patch does not apply any more"
	elif ! build "$2" "$files" >"$2/log" 2>&1; then
		echo "not ok - $1: it does not build"
	elif found=$(look_for "$2" "$(sed -n 's/^Breaks: //p' "$patch")"); then
		echo "ok - $1 is found by $found"
		return
	else
		echo "not ok - $1 is not found in $SEEDS seeds"
	fi
	sed 's/^/# /' "$2/log"
}

PYTHON=${PYTHON:-python3}
[ $# -gt 0 ] || set -- $(cd "$here/plants" && ls | sed 's/\.patch$//')
if ! command -v patch >/dev/null; then
	echo '1..0 # SKIP needs patch'
	exit 0
fi
work=$(mktemp -d tests/simulation/plants.XXXXXX) || exit
trap 'rm -rf "$work"' EXIT
echo "1..$#"
for name; do
	mkdir "$work/$name"
	plant "$name" "$work/$name" >"$work/$name.tap" &
done
wait
for name; do
	cat "$work/$name.tap"
done
