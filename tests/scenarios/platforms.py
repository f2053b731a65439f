"""Scenarios run on both shops. One that a platform cannot have says why; `docs/capabilities.md` lists these."""

import pytest


def only(platform: str, *, because: str) -> pytest.MarkDecorator:
    """Run a scenario on one platform's shop alone, `because` of what the other one does not have."""
    assert because.strip(), "a reason is what this is for"
    return pytest.mark.parametrize("open_side", [platform], indirect=True)
