#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# #include arrows point from a layer to those before it, and only to what it
# may see of them. Test programs see what the layer they test sees.
. "${srcdir:-.}/tests/style/lib.sh"

# A word is a folder, or one header of it.
sees()
{
	case $1 in
	util) ;;
	loop | machine) echo util ;;
	store) echo util loop machine/history.h machine/journal.h ;;
	aws) echo util loop ;;
	workflow) echo util loop machine store aws ;;
	intake) echo util loop machine store aws workflow ;;
	control) echo util loop machine store aws workflow intake ;;
	daemon) echo util loop machine store aws workflow intake control ;;
	ctl) echo util loop control/varlink.h ;;
	esac
}

# Prints the #include lines of a layer's files that it may not have.
crossings()
{
	allowed=$(printf '%s/|' "$1" $(sees "$1") | sed 's|\.h/|.h"|g; s/|$//')
	grep -En '^#[[:space:]]*include[[:space:]]*"' /dev/null \
	    $(find "$top/src/$1" -name '*.[ch]') |
	    grep -Ev "\"($allowed)"
}

layers='util loop machine store aws workflow intake control daemon ctl'
echo 1..$(echo $layers | wc -w)
for layer in $layers; do
	verdict "$layer" "$(crossings $layer)"
done
