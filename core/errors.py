"""What can go wrong, as a tree. Each class says what happened; the message says what to do.

* BackorderError
    * Misuse (ValueError)      the caller asked for something impossible
        * Unsupported          this platform cannot do that
        * NotAllowed           the order's or item's state does not allow it
    * Rejected                 the platform understood and refused: trying again will not help
        * CredentialsRevoked   the merchant must connect the shop again
        * NotFound             the platform does not know the object
    * Unavailable              no answer, or "later": try again, after `retry_after` seconds if given
        * RateLimited          the platform asked for a pause
        * Frozen               the whole shop takes no calls until its owner has seen to it
        * OutcomeUnknown       a write was sent and its answer was lost: look before trying again
    * PayloadChanged           the platform sent something we do not know; the raw body is kept for a while
        * Misaddressed         it was sent for somebody else: nothing of it is kept
* Untrusted                    a signature, token or state is wrong: refused, never tried again
* ConfigurationError           a problem at start-up; never caught by accident

`str()` of each is one line that is safe to log: no tokens, no addresses.
"""

LONGEST_PAUSE = 86_400.0


class BackorderError(Exception):
    """Root of what the service expects to go wrong."""


class Misuse(BackorderError, ValueError):
    """The caller asked for something impossible."""


class Unsupported(Misuse):
    """This platform cannot do that."""


class Rejected(BackorderError):
    """The platform understood and refused."""


class CredentialsRevoked(Rejected):
    """The credentials no longer work: connect the shop again."""


class NotFound(Rejected):
    """The platform does not know the object."""


class NotAllowed(Misuse):
    """The order's or item's state does not allow it; the message says why and what to do instead."""


class Unavailable(BackorderError):
    """No answer, or an answer that means "later": after `retry_after` seconds where that is told, a day at most."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        # Who names a longer pause, or none that a calendar holds, was garbled on the way.
        self.retry_after = None if retry_after is None else min(max(0.0, retry_after), LONGEST_PAUSE)


class RateLimited(Unavailable):
    """The platform asked for a pause of `retry_after` seconds."""


class Frozen(Unavailable):
    """The whole shop takes no calls until its owner has seen to it."""


class OutcomeUnknown(Unavailable):
    """A write was sent and its answer was lost: it may have happened."""


class PayloadChanged(BackorderError):
    """The platform sent something that we do not know."""


class Misaddressed(PayloadChanged):
    """A delivery that was made for another shop."""


class Untrusted(Exception):
    """A signature, token or state is wrong; the message says how to begin anew, and nothing that was sent."""


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names it and the mend."""
