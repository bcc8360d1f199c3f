/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one module's suite; Check's own environment variables (CK_FORK,
 * CK_RUN_CASE, CK_VERBOSITY) say how.
 */
#include "unit/unit.h"

#include <stdlib.h>

int
main(void)
{
	SRunner *runner = srunner_create(unit_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
