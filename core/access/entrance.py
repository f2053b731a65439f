"""How a merchant lets us in at the platform itself: what an installed app's pages need to know, as promises.

Three ways in end in the same credentials: the platform's consent page, a token that the platform's own admin hands to
each embedded page, and a key that was typed (which needs nothing from here).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who opens an embedded page: the shop by its domain, the person by the platform's id, the proof itself."""

    domain: str
    person: str
    token: str

    def __repr__(self) -> str:
        return f"Guest(domain={self.domain!r}, person={self.person!r}, token=***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """The page must be asked for again in another way: `status`, `headers` and `body` are the answer that says so."""

    status: int
    headers: Mapping[str, str]
    body: str = ""


class Entrance(Protocol):
    """The app's door at one platform. Everything that comes in is checked before anybody is called."""

    client_id: str
    frame: str
    """Scripts that an embedded page loads first, by their https addresses, separated by blanks."""

    def asked(self, query: Mapping[str, str], *, signed: bool) -> str:
        """Return the domain of the shop that a browser's address names.

        A signature and a time that are there must be good; with `signed` they must be there. Raises Untrusted.
        """

    def consent(self, domain: str, *, state: str, back: str) -> str:
        """Return the address of the platform's page on which the merchant agrees; it leads back to `back`."""

    def grant(self, domain: str, code: str) -> dict[str, str]:
        """Return the credentials that a code from the consent page stands for. Raises BackorderErrors."""

    def guest(self, *, method: str, url: str, headers: Mapping[str, str]) -> Guest | Detour:
        """Return who opens an embedded page, or the detour by which a fresh proof is fetched."""

    def reload_page(self, *, url: str) -> Detour | None:
        """Return the page on which the platform's script fetches a fresh proof; None for an address that needs none."""

    def exchange(self, guest: Guest) -> dict[str, str]:
        """Return credentials for work without the guest. Raises BackorderErrors."""

    def ancestors(self, domain: str) -> str:
        """Return who may show the shop's embedded pages in a frame, as `frame-ancestors` lists them."""
