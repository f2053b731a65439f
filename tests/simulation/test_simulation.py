"""Whatever a seed lets happen, nothing is lost, nothing is done twice, and at rest the shop is as the plan says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def simulated(*words):
    """Run seeds in a process of their own: there time, chance and sockets are not what they are here."""
    command = [sys.executable, "-m", "tests.simulation", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )


def test_a_seed_of_what_may_happen_ends_well_and_the_same_way_each_time():
    done = simulated("9", "--twice")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" steps") == 1


@pytest.mark.soak
def test_many_seeds_of_what_may_happen_end_well():
    done = simulated("100-299")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" steps") == 200
