"""Use cases of payments: take one, read it, list them. Nothing is booked here: the signed event alone books money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.accounts.heads import refuse_merged
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.payments.declines import REFUSED, shown
from chalicelib.payments.ids import derived_id
from chalicelib.payments.model import NEEDS_CUSTOMER, Payer, Payment, PaymentOrder, PaymentStatus, stale
from chalicelib.payments.processor import STATUS_OF_ANSWER, CardDeclined, CardProcessor
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, Declined, DeskError, FieldError, NotFound, Refused, Unprocessable


@dataclass(frozen=True)
class Taken:
    """A payment under way; the secret is there while the customer's app has to go on with it."""

    payment: Payment
    client_secret: str | None = None


@dataclass(frozen=True)
class Payments:
    """`id_key` keys the payment ids: who holds it can tell the payment of an account and an Idempotency-Key."""

    store: PaymentStore
    processor: CardProcessor
    clock: Clock
    id_key: Callable[[], bytes]

    def take(self, order: PaymentOrder, key: str, actor: Actor) -> Taken:
        """Ask Stripe for the money; one account and Idempotency-Key is one payment, however often it is asked for.

        Raises NotFound without the account, Unprocessable for a wrong currency, invoice or payment method, Declined,
        Conflict when the key belongs to another order, AccountMerged for more than an account owes that goes on in
        another, Refused and Unavailable of Stripe.
        """
        return self._go_on(*self._standing(order, key, actor))

    def begin(self, order: PaymentOrder, key: str, actor: Actor) -> Payment:
        """The payment that this order and key make, begun now or before; Stripe is asked elsewhere.

        Raises NotFound, Unprocessable and Conflict as `take` does.
        """
        return self._standing(order, key, actor)[0]

    def get(self, payment_id: str) -> Payment:
        """The payment. Raises NotFound."""
        payment = self.store.get(payment_id)
        if payment is None:
            raise NotFound
        return payment

    def begun(self, account_id: str, key: str) -> Payment | None:
        """What an account and an Idempotency-Key have begun, if anything. Two round trips."""
        return self.store.get(derived_id("pay", self.id_key(), account_id, key), consistent=True)

    def on_its_way(self, account_id: str) -> list[Payment]:
        """Those of an account's newest 25 payments that were taken and are not booked yet. One round trip."""
        return self.store.on_its_way(account_id)

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Payment], Item | None]:
        """Payments of an account, newest first."""
        return self.store.of_account(account_id, limit, start)

    def _standing(self, order: PaymentOrder, key: str, actor: Actor) -> tuple[Payment, Payer]:
        # In this order: an account whose bill a twin of this request has paid shows the twin's payment too.
        payer = self.store.payer(order.account_id)
        payment_id = derived_id("pay", self.id_key(), order.account_id, key)
        payment = self.store.get(payment_id, consistent=True) or self._begun(order, payment_id, payer, actor)
        if not payment.is_for(order):
            raise Conflict("This Idempotency-Key was used for another payment.", reason="key_reused")
        return payment, payer

    def _begun(self, order: PaymentOrder, payment_id: str, payer: Payer, actor: Actor) -> Payment:
        _check(order, payer)
        payment = Payment(
            payment_id=payment_id,
            account_id=order.account_id,
            amount_minor=order.amount.amount_minor,
            currency=order.amount.currency,
            invoice_ids=order.invoice_ids,
            allocations=payer.paid(order.amount.amount_minor, order.invoice_ids)[1],
            payment_method=order.payment_method,
            off_session=order.off_session,
            case_id=order.case_id,
            taken_by=actor.subject,
            taken_by_name=actor.name,
            request_id=actor.request_id,
            created_at=self.clock(),
        )
        return self.store.begin(payment, _asked(payment, actor))

    def _go_on(self, payment: Payment, payer: Payer) -> Taken:
        if payment.status is PaymentStatus.FAILED:
            raise _failure(payment)
        if payment.status is PaymentStatus.CREATED:
            return self._ask(payment, payer)
        if payment.status in NEEDS_CUSTOMER and payment.payment_intent_id:
            return Taken(payment, self.processor.read_intent(payment.payment_intent_id).client_secret)
        return Taken(payment)

    def _ask(self, payment: Payment, payer: Payer) -> Taken:
        if stale(payment, self.clock()):
            raise Conflict("This payment was begun too long ago. Use a new Idempotency-Key.", reason="payment_stale")
        try:
            intent = self.processor.create_intent(payment, self._customer(payer), off_session=payment.off_session)
        except CardDeclined as no:
            raise _failure(self._fail(payment, no.code, no.intent_id)) from None
        except (Refused, Unprocessable):
            self._fail(payment, REFUSED)
            raise
        status = STATUS_OF_ANSWER.get(intent.status, PaymentStatus.PROCESSING)
        standing = self.store.answered(payment, status, intent.intent_id)
        return Taken(standing, intent.client_secret if standing.status in NEEDS_CUSTOMER else None)

    def _customer(self, payer: Payer) -> str:
        if payer.stripe_customer_id:
            return payer.stripe_customer_id
        made = self.processor.create_customer(payer.account_id, payer.former_customer_id)
        return self.store.set_customer(payer.account_id, made)

    def _fail(self, payment: Payment, code: str, intent_id: str | None = None) -> Payment:
        return self.store.answered(payment, PaymentStatus.FAILED, intent_id, failure_code=code)


def _asked(payment: Payment, actor: Actor) -> AuditEntry:
    asked = payment.model_dump(mode="json", include={"payment_id", "amount_minor", "currency", "invoice_ids"})
    audit_id, subject = f"aud_{payment.payment_id}", f"A#{payment.account_id}"
    return entry(audit_id, subject, "payment.begun", actor, payment.created_at, {}, asked)


def _check(order: PaymentOrder, payer: Payer) -> None:
    if order.amount.currency != payer.currency:
        wrong = FieldError("/amount/currency", f"this account pays in {payer.currency}")
        raise Unprocessable("The payment is not in the currency of the account.", [wrong])
    payable = {invoice.invoice_id for invoice in payer.open_invoices}
    closed = [i for i, invoice_id in enumerate(order.invoice_ids) if invoice_id not in payable]
    if closed:
        wrongs = [FieldError(f"/invoice_ids/{i}", "not an open invoice of this account") for i in closed]
        raise Unprocessable("Some invoices cannot be paid.", wrongs)
    # A bill that a dispute opened again is paid where it stands; credit would be nobody's any more.
    if order.amount.amount_minor > payer.balance_minor:
        refuse_merged(payer.merged_into)


def _failure(payment: Payment) -> DeskError:
    told = shown(payment.failure_code)
    if told.code == REFUSED:
        return Refused(told.words, payment_id=payment.payment_id)
    return Declined(told.words, decline_code=told.code, payment_id=payment.payment_id)
