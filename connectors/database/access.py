"""API tokens, of which only hashes are kept, and one-use sign-in links."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.people import Pass, Role, Scope, Seat

_tokens = tables.tokens
_links = tables.links


@dataclass(frozen=True, slots=True)
class AccessTables:
    """Implements `core.ports.people.Access`."""

    transaction: Transaction

    def add_token(self, *, shop: str, token_hash: str, at: datetime, scope: Scope = "write") -> None:
        """Remember a token by its SHA-256 hex digest."""
        self.transaction.upsert(_tokens, {"token_hash": token_hash, "shop": shop, "created_at": at, "scope": scope})

    def pass_of_token(self, token_hash: str) -> Pass | None:
        """Return what the token opens."""
        mine = select(_tokens.c.shop, _tokens.c.scope).where(_tokens.c.token_hash == token_hash)
        row = self.transaction.run(mine).first()
        return None if row is None else Pass(shop=row.shop, scope=row.scope)

    def add_link(
        self, *, shop: str, link_hash: str, expires_at: datetime, person: str = "", role: Role = "owner"
    ) -> None:
        """Remember a one-use sign-in link by its hash, and whom it lets in."""
        row = {"link_hash": link_hash, "shop": shop, "expires_at": expires_at, "person": person, "role": role}
        self.transaction.upsert(_links, row)

    def use_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Spend the link and return the seat that it gives; None when unknown, spent or expired."""
        # One statement, so that of two who come at once only one finds it. A spent link leaves nothing behind.
        spent = delete(_links).where(_links.c.link_hash == link_hash, _links.c.expires_at > now)
        row = self.transaction.run(spent.returning(_links.c.shop, _links.c.person, _links.c.role)).first()
        self.transaction.run(delete(_links).where(_links.c.expires_at <= now))
        return None if row is None else Seat(shop=row.shop, person=row.person, role=row.role)
