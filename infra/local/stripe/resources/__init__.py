"""The families of Stripe's objects, one module each: its handlers, its stored shape, and its `ROUTES`."""
