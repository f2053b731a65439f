"""Where a request may lead to that names the place itself: pages of this service, never another site."""


def is_ours(path: str) -> bool:
    """Return whether this is a path of ours: two slashes of either kind at its beginning name another site."""
    return path.startswith("/") and path[1:2] not in {"/", "\\"} and path.isprintable()
