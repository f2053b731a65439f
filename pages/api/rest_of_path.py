"""Ids that merchants chose may hold anything, slashes included: the part of the path that takes all that is left."""

from werkzeug.routing import BaseConverter


class RestOfPath(BaseConverter):
    """Matches one or more characters of any kind up to the end of the path."""

    part_isolating = False
    regex = r"[\s\S]+"
    weight = 200
