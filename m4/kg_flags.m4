# SPDX-License-Identifier: Apache-2.0
# Compiler and linker flags, each kept only if the compiler takes it.

# KG_TRY_FLAG(FLAG, PROBED-VARIABLE, RESULT-VARIABLE)
# Appends FLAG to RESULT-VARIABLE if a program builds with it added to
# PROBED-VARIABLE (CFLAGS or LDFLAGS).
AC_DEFUN([KG_TRY_FLAG],
[AC_MSG_CHECKING([whether $CC takes $1])
kg_saved=$$2
$2="$$2 -Werror $1"
AC_LINK_IFELSE([AC_LANG_PROGRAM],
    [AC_MSG_RESULT([yes])
    $3="$$3${$3:+ }$1"],
    [AC_MSG_RESULT([no])])
$2=$kg_saved])

# KG_CFLAGS(VARIABLE, FLAGS), KG_LDFLAGS(VARIABLE, FLAGS)
AC_DEFUN([KG_CFLAGS],
[m4_foreach_w([kg_flag], [$2], [KG_TRY_FLAG(m4_defn([kg_flag]), [CFLAGS], [$1])
])AC_SUBST([$1])])
AC_DEFUN([KG_LDFLAGS],
[m4_foreach_w([kg_flag], [$2], [KG_TRY_FLAG(m4_defn([kg_flag]), [LDFLAGS], [$1])
])AC_SUBST([$1])])

# KG_HARDENING
# Fortification needs optimisation, and hides errors from the sanitizers.
AC_DEFUN([KG_HARDENING],
[KG_CFLAGS([HARDEN_CFLAGS], [-fPIE -fstack-protector-strong
    -fstack-clash-protection -fcf-protection -mbranch-protection=standard])
KG_LDFLAGS([HARDEN_LDFLAGS], [-pie -Wl,-z,relro,-z,now])
AS_VAR_IF([enable_sanitizers], [no],
    [KG_TRY_FORTIFY([3], [], [KG_TRY_FORTIFY([2])])])
AC_SUBST([HARDEN_CPPFLAGS])])

# KG_TRY_FORTIFY(LEVEL, [IF-TAKEN], [IF-NOT])
# The headers say which level the compiler really gets.
AC_DEFUN([KG_TRY_FORTIFY],
[AC_MSG_CHECKING([whether $CC fortifies at level $1])
kg_saved=$CPPFLAGS
CPPFLAGS="$CPPFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1"
AC_COMPILE_IFELSE([AC_LANG_SOURCE([
#include <stdlib.h>
#if !defined(__OPTIMIZE__) || __USE_FORTIFY_LEVEL < $1
#error not fortified
#endif
])],
    [AC_MSG_RESULT([yes])
    HARDEN_CPPFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1"
    $2],
    [AC_MSG_RESULT([no])
    $3])
CPPFLAGS=$kg_saved])
