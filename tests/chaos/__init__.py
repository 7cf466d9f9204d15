"""Chaos: processes killed and frozen, answers lost, servers gone. `python -m tests.chaos`."""
