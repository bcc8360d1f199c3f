#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files, lines and functions stay short, and functions simple.
. "${srcdir:-.}/tests/style/lib.sh"

# longer LIMIT NAME: the files of that name that have more lines.
longer()
{
	for file in $(sources | grep "$2"); do
		lines=$(wc -l <"$file")
		[ "$lines" -le "$1" ] || echo "$file: $lines lines"
	done
}

# Tabs count as 8.
wider()
{
	for file in $(sources); do
		expand "$file" | awk -v file="$file" \
		    'length > 80 { print file ":" NR ": " length " columns" }'
	done
}

# functions COLUMN LIMIT WHAT: pmccabe prints, by tabs, the modified and the
# traditional complexity, statements, first line, lines, and the place.
functions()
{
	sources | xargs pmccabe 2>&1 | awk -F '\t' -v column="$1" \
	    -v limit="$2" -v what="$3" '
	    NF < 6 { print; next }
	    $column > limit { print $6 ": " $column " " what }'
}

echo 1..5
verdict 'files have up to 400 lines' "$(longer 400 '\.c$')"
verdict 'headers have up to 120 lines' "$(longer 120 '\.h$')"
verdict 'lines have up to 80 columns' "$(wider)"
if command -v pmccabe >/dev/null; then
	verdict 'functions have up to 60 lines' "$(functions 5 60 lines)"
	verdict 'functions have a complexity of up to 12' \
	    "$(functions 2 12 paths)"
else
	echo 'ok - functions have up to 60 lines # SKIP needs pmccabe'
	echo 'ok - functions have a complexity of up to 12 # SKIP needs pmccabe'
fi
