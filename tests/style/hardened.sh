#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hardening that configure promises is in what was built.
. "${srcdir:-.}/tests/style/lib.sh"

# shows FILE WHAT OPTION PATTERN: whether readelf prints it.
shows()
{
	readelf -W "$3" "$1" | grep -Eq "$4" &&
	    verdict "$1: $2" '' ||
	    verdict "$1: $2" "readelf $3 shows no $4"
}

echo 1..9
for program in keyguardd keyguardctl; do
	shows $program 'position independent' -h 'DYN \(Position'
	shows $program 'relocations are read-only' -l GNU_RELRO
	shows $program 'bound at start' -d 'FLAGS.*BIND_NOW'
done
shows libutil.a 'stack protector' -s __stack_chk_fail
shows libutil.a 'fortified' -s '__[a-z]+_chk$'
case $(uname -m) in
x86_64) shows libutil.a 'control flow' -n 'IBT, SHSTK' ;;
*) echo 'ok - libutil.a: control flow # SKIP not an x86-64' ;;
esac
