"""A stateful Stripe for one machine: what the billing desk is developed and tested against.

It answers the pinned SDK's requests with true state, refusals, idempotency and signed webhooks, keeps everything in
one SQLite file and listens on the loopback interface only. Each family of objects is one module in `resources`.
"""
