"""Makes the Chalice app and registers every blueprint; no route and no rule lives here."""

from chalice.app import Chalice, CORSConfig

from chalicelib.accounts import routes as accounts
from chalicelib.audit import routes as audit

app = Chalice(app_name="desk", configure_logs=False)
app.api.cors = CORSConfig(
    allow_headers=["Idempotency-Key", "If-Match"],
    expose_headers=["ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-Id"],
    max_age=600,
)
for routes in (accounts, audit):
    app.register_blueprint(routes.api.blueprint)
