"""How the API says no: user errors inside a payload, and errors beside the data."""

from graphql import GraphQLError

from core.errors import Misuse


class Refused(Misuse):
    """The platform understood and refused: becomes one entry of the payload's userErrors."""

    def __init__(self, message: str, *, field: tuple[str, ...] | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def entry(self) -> dict[str, object]:
        """Return the user error as the API shows it."""
        return {
            "field": None if self.field is None else list(self.field),
            "message": self.message,
            "code": self.code,
            "extraInfo": None,
            "elementIndex": None,
        }


def invalid_id(gid: str) -> GraphQLError:
    """Return the error for an id that the platform does not know, as fulfilment order mutations answer it."""
    return GraphQLError(f"Invalid id: {gid}", extensions={"code": "RESOURCE_NOT_FOUND"})


def bad_request(message: str) -> GraphQLError:
    """Return the error for a call that must not be made like this."""
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def invalid_argument(message: str) -> GraphQLError:
    """Return the error for an argument that is missing or wrong at run time."""
    return GraphQLError(message, extensions={"code": "INVALID_FIELD_ARGUMENTS"})
