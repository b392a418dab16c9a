"""Stripe's own billing in the desk: what it bills, collects, sells and lets go, followed object by object.

A handler takes an event as a hint that an object has moved, reads the object as it is now and brings the desk's records
there. So repeats, any order and crashes leave the same: each step is done once, whoever asks for it first.
"""
