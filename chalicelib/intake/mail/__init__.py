"""Reading one mail: pure, linear in its size, and never raising, whatever the bytes are."""
