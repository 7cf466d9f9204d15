"""Attacks: requests that somebody with bad intent would send. `python -m tests.attack`."""
