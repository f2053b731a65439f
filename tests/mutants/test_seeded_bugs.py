"""The seeded bugs can be brought into the code as it stands: a table that no longer fits sees nothing."""

from pathlib import Path

import pytest

from tests.mutants.seeded_bugs import BUGS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_seeded_bug_still_fits_the_code(bug):
    code = (ROOT / bug.file).read_text()
    assert code.count(bug.old) == 1
    compile(code.replace(bug.old, bug.new), bug.file, "exec")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_tests_that_must_see_a_seeded_bug_exist(bug):
    assert all((ROOT / test).exists() for test in bug.tests)
