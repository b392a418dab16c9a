"""Plays the recorded events through the doors of the running desk and tells what became of each."""
