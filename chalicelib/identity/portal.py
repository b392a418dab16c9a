"""The way to the customer's own pages: opened for customers, sent to them when staff asks.

A link opens a page after signing in and holds no secret, so there is none to steal. Stripe's page lets in whoever has
its address, so it is given to the customer alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.accounts.contact import Role
from chalicelib.accounts.letters import Letter, Post
from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.identity.access_log import Accessed, AccessLog, Doer
from chalicelib.identity.policy import Who
from chalicelib.identity.record import recorded
from chalicelib.identity.verification import masked
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict


class PortalPage(StrEnum):
    """A page of the customer's site; `payment_methods` is Stripe's own."""

    HOME = "home"
    BILLS = "bills"
    CASES = "cases"
    PAYMENT_METHODS = "payment_methods"
    PAYMENT_PLANS = "payment_plans"
    PREFERENCES = "preferences"
    SUBSCRIPTIONS = "subscriptions"
    USAGE = "usage"


class OpenPage(Protocol):
    """A page of Stripe's that stands open."""

    @property
    def url(self) -> str: ...

    @property
    def expires_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Opened:
    """Either where the customer goes now, or the masked address that the link was sent to."""

    url: str | None = None
    expires_at: datetime | None = None
    sent_to: str | None = None


@dataclass(frozen=True)
class Portal:
    """`site` is the address of the customer's site; `stripe_page` opens Stripe's page and audits that."""

    accounts: Accounts
    log: AccessLog
    post: Post
    stripe_page: Callable[[str, Actor], OpenPage]
    clock: Clock
    new_id: NewId
    site: str

    def open(self, account_id: str, page: PortalPage, doer: Doer) -> Opened:
        """For a customer the page, for staff a letter to the customer. Up to one read, a write, and a letter or a call
        of Stripe. Raises NotFound, Conflict without a mail address, Refused, Unavailable."""
        if doer.who is not Who.CUSTOMER:
            opened = self._sent(account_id, page)
        elif page is PortalPage.PAYMENT_METHODS:
            made = self.stripe_page(account_id, doer.actor)
            opened = Opened(url=made.url, expires_at=made.expires_at)
        else:
            opened = Opened(url=self._link(page))
        detail = {"page": page.value, "sent_to": opened.sent_to}
        noted = recorded(self.new_id, account_id, Accessed.PORTAL_LINKED, doer, self.clock(), detail)
        self.log.record(noted)
        return opened

    def _sent(self, account_id: str, page: PortalPage) -> Opened:
        address = self.accounts.get(account_id).mail_for(Role.SERVICE)
        if address is None:
            raise Conflict("The account has no mail address to send the link to.", reason="no_address")
        letter = Letter(
            name="identity/portal_link", object_id=self.new_id("lnk"), account_id=account_id, at=self.clock(),
            to=address, facts={"url": self._link(page)},
        )  # fmt: skip
        self.post.send(letter)
        return Opened(sent_to=masked(address))

    def _link(self, page: PortalPage) -> str:
        return f"{self.site}/?page={page.value}"
