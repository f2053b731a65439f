"""Numbers of rows as forms and addresses carry them: what no database could have given out is none."""

from flask import abort

LARGEST = 2**63 - 1


def row_id(text: str) -> int:
    """Return the number. Raises ValueError, for which a form's field takes its default."""
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(text[:30])
    return number


def row_or_404(text: str) -> int:
    """Return the number in an address; anything else is not found."""
    try:
        return row_id(text)
    except ValueError:
        abort(404)
