"""API tokens, of which only hashes are kept, and one-use sign-in links."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.access.people import Pass, Role, Scope, Seat

_tokens = tables.tokens
_links = tables.links


@dataclass(frozen=True, slots=True)
class AccessTables:
    """Implements `core.ports.people.Access`."""

    transaction: Transaction

    def add_token(self, *, shop: str, token_hash: str, at: datetime, scope: Scope = "write", name: str = "") -> None:
        """Remember a token by its SHA-256 hex digest."""
        row = {"token_hash": token_hash, "shop": shop, "created_at": at, "scope": scope, "name": name}
        self.transaction.upsert(_tokens, row)

    def pass_of_token(self, token_hash: str) -> Pass | None:
        """Return what the token opens."""
        row = self.transaction.run(select(_tokens).where(_tokens.c.token_hash == token_hash)).first()
        return None if row is None else _pass(row)

    def tokens(self, shop: str) -> tuple[Pass, ...]:
        """Return the shop's tokens, newest first."""
        mine = select(_tokens).where(_tokens.c.shop == shop)
        rows = self.transaction.run(mine.order_by(_tokens.c.created_at.desc(), _tokens.c.token_hash))
        return tuple(_pass(row) for row in rows)

    def note_use(self, token_hash: str, on: date) -> None:
        """Remember the day on which the token was used last."""
        self.transaction.run(update(_tokens).where(_tokens.c.token_hash == token_hash).values(used_on=on))

    def end_token(self, token_hash: str, *, shop: str) -> Pass | None:
        """Forget the shop's token: it opens nothing from now on. Return what it was; None where there is none."""
        mine = delete(_tokens).where(_tokens.c.token_hash == token_hash, _tokens.c.shop == shop)
        row = self.transaction.run(mine.returning(*_tokens.c)).first()
        return None if row is None else _pass(row)

    def add_link(
        self, *, shop: str, link_hash: str, expires_at: datetime, person: str = "", role: Role = "owner"
    ) -> None:
        """Remember a one-use sign-in link by its hash, and whom it lets in."""
        row = {"link_hash": link_hash, "shop": shop, "expires_at": expires_at, "person": person, "role": role}
        self.transaction.upsert(_links, row)

    def look_at_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Return the seat that the link would give, and leave it unspent; None when unknown, spent or expired."""
        return _seat(self.transaction.run(select(_links).where(*_live(link_hash, now))).first())

    def use_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Spend the link and return the seat that it gives; None when unknown, spent or expired."""
        # One statement, so that of two who come at once only one finds it. A spent link leaves nothing behind.
        row = self.transaction.run(delete(_links).where(*_live(link_hash, now)).returning(*_links.c)).first()
        self.transaction.run(delete(_links).where(_links.c.expires_at <= now))
        return _seat(row)

    def end_links(self) -> None:
        """Forget every sign-in link that was not spent yet."""
        self.transaction.run(delete(_links))


def _live(link_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _links.c.link_hash == link_hash, _links.c.expires_at > now


def _seat(link: Row[Any] | None) -> Seat | None:
    return None if link is None else Seat(shop=link.shop, person=link.person, role=link.role)


def _pass(row: Row[Any]) -> Pass:
    return Pass(
        digest=row.token_hash, shop=row.shop, scope=row.scope, name=row.name, created_at=row.created_at,
        used_on=row.used_on,
    )  # fmt: skip
