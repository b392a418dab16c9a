"""Subscriptions: what they consist of (`shapes`, `items`, `terms`) and bill (`lines`, `billing`), how they begin and
change (`creation`, `changes`), what happens to them in time (`lifecycle`, `following`), and what will (`forecast`).
"""
