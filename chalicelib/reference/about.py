"""What the reference says beside the declarations: conventions, tags, the meaning of names that fields share."""

from __future__ import annotations

from typing import Final

from chalicelib.platform.openapi import About

VERSION: Final = "0.1.0"

_DESCRIPTION = """\
Customer accounts, invoices, payments, support cases and the figures of a billing service desk.

Conventions

- Bodies are JSON in UTF-8; fields that are not described here are refused.
- Money is `{"amount_minor": 1234, "currency": "GBP"}`: whole minor units (pence, cents), never a fraction.
- Instants are RFC 3339 in UTC and end in `_at`; days are `YYYY-MM-DD` and end in `_on`; durations are whole seconds.
- Send a Cognito ID token in `Authorization`. A customer reaches the own account alone; what is another's is not found.
- Lists take `limit` (1 to 100, 25 when left out) and `cursor`; `next_cursor` is null on the last page. A cursor \
serves only the query and the caller that it was given to.
- Resources with an `ETag` are changed with that value in `If-Match`: without it 428, with an old one 412.
- What creates or moves money takes an `Idempotency-Key`: a repeat with the same body gets the first answer, with \
`Idempotency-Replayed: true`; the same key with another body is 409. After a 401, 403, 429 or 5xx the same request may \
be sent again with its key.
- Errors are RFC 9457 problem documents; act upon `code`, show `detail` to people. `errors` points at each wrong field.
- Every answer has an `X-Request-Id`; quote it when you ask for help.
"""

_TAGS = {
    "accounts": "Customers of the desk: open, find, read and change an account.",
    "approvals": "What one person may not do alone: asked for by one, decided by another.",
    "audit": "Who changed what and when, with the values before and after.",
    "billing": "Invoices and balances.",
    "subscriptions": "What is sold and what an account takes of it: contracts, billing days, exact quotes of changes.",
    "payments": "Money taken from customers by card or bank debit, and given back.",
    "policies": "Limits, windows and rules of the company, in versions with a day from which each holds.",
    "collections": "Money that is late: what holds it back, how it is asked for, and what was not asked and why.",
    "payment plans": "What is due paid in parts: quoted, agreed to, collected, and settled.",
    "cases": "What customers ask and how it is answered, from the first message to the resolution.",
    "contacts": "Calls and chats of the contact centre.",
    "education": "Guides that explain bills and payments: sent by what happened, or by hand, and whether they help.",
    "identity": "Whether it is the customer who speaks, and the customer's way to sign in.",
    "usage": "What was used, what it costs, spending limits, and advice on plans.",
    "kpis": "Figures of the desk: volume, handling time, time to resolution.",
    "reference": "This document, the page made from it, and a sign of life.",
}

_WORDS = {
    "*_at": "Instant, RFC 3339 in UTC.",
    "*_bp": "Basis points: 2000 is 20%.",
    "*_minor": "In the currency's minor unit: GBP 12.34 is 1234.",
    "*_on": "Day, YYYY-MM-DD.",
    "*_s": "Seconds.",
    "account_id": "The desk's id of an account.",
    "account_number": "Ten digits, the last one a check digit (ISO/IEC 7064 MOD 11,10).",
    "account_ids": "The desk's ids of accounts.",
    "action": "What was done, as `resource.verb`.",
    "actor": "Who did it: the subject of a person's token, or the name of a part of the desk.",
    "actor_name": "The user name behind `actor`.",
    "approval_id": "The desk's id of a request for approval.",
    "assignee": "User name of the agent who works on it; null when nobody does.",
    "attachments": "Files that came or went with it.",
    "author": "Who wrote it: a name or a mail address.",
    "after": "The changed fields as they became.",
    "before": "The changed fields as they were.",
    "case_id": "The desk's id of a case.",
    "category": "What it is about, such as `billing_error`.",
    "city": "Town or city.",
    "code": "Code of the offer in the price list.",
    "company": "Name of the business.",
    "created_at": "When it was created; RFC 3339 in UTC.",
    "description": "As printed on the bill.",
    "display_name": "The name as lists show it.",
    "content_type": "Media type.",
    "email": "Mail address; case does not matter.",
    "emails": "Mail addresses, lower-case.",
    "entry_id": "The desk's id of an audit entry.",
    "family": "Family name.",
    "given": "Given name.",
    "hold_id": "The desk's id of a hold.",
    "guide_id": "The desk's id of one guide for one account.",
    "invoice_id": "The desk's id of an invoice.",
    "language": "Preferred language, BCP 47.",
    "letter_id": "The desk's id of a letter that belongs to no case.",
    "line_id": "Number of the line, unique in its invoice.",
    "line1": "Street and number.",
    "line2": "Flat, floor or building.",
    "lines": "The charges, in the order of the bill.",
    "merge_id": "The desk's id of a merge of two accounts.",
    "message_id": "The desk's id of a message.",
    "note": "For colleagues; customers do not see it.",
    "note_id": "The desk's id of a note on what a household can afford.",
    "number": "1 for the first one.",
    "payment_id": "The desk's id of a payment.",
    "refund_id": "The desk's id of a refund.",
    "reconciliation_id": "The desk's id of one run of the reconciliation.",
    "payment_method_id": "Stripe's id of a saved payment method.",
    "period": "Billing month, YYYY-MM.",
    "person_id": "The desk's id of a person who may speak or pay for an account.",
    "phones": "Phone numbers in E.164.",
    "policy_name": "Name of the policy.",
    "postal_code": "Postal code in the form of its country; empty where there is none.",
    "plan_code": "Code of the plan in the price list.",
    "plan_id": "The desk's id of a payment plan.",
    "plan_name": "The plan as customers know it.",
    "quote_id": "The desk's id of a quote.",
    "quantity": "How many units the line charges.",
    "queue": "The team whose queue it stands in.",
    "reason": "Why, in plain words.",
    "region": "County, state or province, where the country's addresses have one.",
    "request_id": "The X-Request-Id of the call.",
    "requester": "Mail address of the person who asks.",
    "requester_name": "Name of the person who asks, as far as it is known.",
    "resolved_by": "User name of the agent who resolved it.",
    "service": "What the plan is for, such as `broadband`.",
    "slug": "Name of the guide.",
    "stage": "Name of this installation.",
    "state": "Where it stands in its life.",
    "subject": "What it is about, in one line.",
    "subscription_id": "The desk's id of a subscription.",
    "text": "Plain text; line breaks stay.",
    "token": "The last part of the link in a letter; it holds for a year.",
    "updated_at": "When it was last changed; RFC 3339 in UTC.",
    "verification_id": "The desk's id of a verification.",
}

ABOUT: Final = About("Billing Service Desk", VERSION, _DESCRIPTION, _TAGS, _WORDS)
