"""Colours and how well they can be told apart. Formulas: WCAG 2.2, "relative luminance" and "contrast ratio"."""

CONTRAST = 4.5
"""What text of usual size needs (success criterion 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours given as `#rrggbb`, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darkened(colour: str) -> str:
    """Return the colour, mixed with as little black as white words on it need."""
    shares = _shares(colour)
    for percent in range(100, -1, -1):
        mixed = "#" + "".join(f"{int(share * percent * 2.55):02x}" for share in shares)
        if contrast(mixed, "#ffffff") >= CONTRAST:
            return mixed
    return "#000000"


def _shares(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue from 0 to 1."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in _shares(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
