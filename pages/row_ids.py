"""Numbers of rows as forms and addresses carry them: what no database could have given out is none."""

LARGEST = 2**63 - 1


def row_id(text: str) -> int:
    """Return the number. Raises ValueError, for which Flask takes the default, and addresses are not found."""
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(text[:30])
    return number
