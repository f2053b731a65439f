"""How names, SKUs and addresses are compared, whoever typed them."""


def folded(name: str | None) -> str | None:
    """Return the name without case and blanks around; None of nothing."""
    return name.strip().casefold() or None if name else None
