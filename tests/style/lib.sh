# SPDX-License-Identifier: Apache-2.0
# What the style tests share. Sourced from the folder that make runs them in.

top=${srcdir:-.}

# Our C files; the one that is generated is there when building in the tree.
sources()
{
	find "$top/src" "$top/tests" -name '*.[ch]' \
	    ! -name varlink_interface.c | sort
}

# verdict CASE COMPLAINTS: a TAP case that passes if there are no complaints.
verdict()
{
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}
