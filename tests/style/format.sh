#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every C file is as clang-format leaves it and opens with the licence; every
# header is guarded by its own path; includes are in order. Only one release of
# clang-format counts: others format differently.
. "${srcdir:-.}/tests/style/lib.sh"

release=14

formatter()
{
	for tool in clang-format-$release clang-format; do
		case $($tool --version 2>/dev/null) in
		*version\ $release.*)
			echo $tool
			return
			;;
		esac
	done
}

unlicensed()
{
	for file in $(sources); do
		[ "$(head -n 1 "$file")" = \
		    '/* SPDX-License-Identifier: Apache-2.0 */' ] ||
		    echo "$file"
	done
}

# src/aws/sigv4.h is guarded by KG_AWS_SIGV4_H, tests/unit/unit.h by
# KG_TESTS_UNIT_UNIT_H.
unguarded()
{
	for file in $(sources | grep '\.h$'); do
		guard=$(echo "KG_${file#"$top"/}" | sed 's|_src/|_|' |
		    tr 'a-z/.' 'A-Z__')
		grep -qx "#ifndef $guard" "$file" &&
		    grep -qx "#define $guard" "$file" ||
		    echo "$file: expected $guard"
	done
}

# Each block of #include lines is in alphabetical order, and a .c file opens
# with its own header.
unsorted()
{
	sources | LC_ALL=C xargs awk '
	    FNR == 1 { previous = "" }
	    !/^#include/ { previous = ""; next }
	    $2 < previous { print FILENAME ":" FNR ": " $2 }
	    { previous = $2 }'
	for file in $(sources | grep '\.c$'); do
		own=${file#"$top"/}
		own=${own#src/}
		own=${own#tests/}
		[ ! -e "${file%.c}.h" ] ||
		    grep -m 1 '^#include' "$file" | grep -q "\"${own%.c}.h\"" ||
		    echo "$file: its own header is not the first"
	done
}

echo 1..4
verdict 'the licence is in the first line' "$(unlicensed)"
verdict 'headers are guarded' "$(unguarded)"
verdict 'includes are in order' "$(unsorted)"
tool=$(formatter)
if [ -n "$tool" ]; then
	verdict 'formatted' \
	    "$(sources | xargs $tool --dry-run 2>&1 | grep warning:)"
else
	echo "ok - formatted # SKIP needs clang-format $release"
fi
