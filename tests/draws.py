"""What properties are tried with: the same examples in every run; by `make explore` others, and many times more."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

TIMES = int(os.environ.get("DRAWS", "0"))
"""How many times as many examples to draw, by chance; 0 draws those that each test asks for, always the same ones."""
# A busy machine is slow, which is no failure: time is measured in the benchmarks.
SLOW = HealthCheck.too_slow


def examples(number, allowed=()):
    """Settings of a property that is tried so many times; `allowed` are health checks that do not matter to it."""
    return settings(max_examples=number * max(TIMES, 1), suppress_health_check=[SLOW, *allowed])


def prepare():
    """Let every property be tried like this, also those that do not say how many examples they want."""
    settings.register_profile(
        "tried", deadline=None, derandomize=not TIMES, max_examples=100 * max(TIMES, 1), suppress_health_check=[SLOW]
    )
    settings.load_profile("tried")
    if not TIMES:
        # Some values are taken from the source of the modules that are loaded, which other tests would change.
        assert providers._get_local_constants
        providers._get_local_constants = providers.Constants
