"""Colours and how well they can be told apart. Formulas: WCAG 2.2, "relative luminance" and "contrast ratio"."""

CONTRAST = 4.5
"""What text of usual size needs (success criterion 1.4.3)."""
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
LIGHT_PAPER, DARK_PAPER = "#f6f5f1", "#1e2221"
"""The ground of our pages by day and by night: of the two that each has, the one nearer to what is written on it."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours given as `#rrggbb`, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darkened(colour: str) -> str:
    """Return the colour, mixed with as little black as white words on it need."""
    return _readable(colour, BLACK, "#ffffff")


def accents(colour: str) -> tuple[str, str]:
    """Return the colour darkened until it reads on light paper, and lightened until it does on dark paper."""
    return _readable(colour, BLACK, LIGHT_PAPER), _readable(colour, WHITE, DARK_PAPER)


def _readable(colour: str, end: tuple[float, float, float], paper: str) -> str:
    """Return the colour mixed with as little of `end` as it needs to be read."""
    pairs = tuple(zip(_shares(colour), end, strict=True))
    mixes = (
        "#" + "".join(f"{round(255 * (a + (b - a) * percent / 100)):02x}" for a, b in pairs) for percent in range(101)
    )
    return next(mixed for mixed in mixes if contrast(mixed, paper) >= CONTRAST)


def _shares(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue from 0 to 1."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in _shares(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
