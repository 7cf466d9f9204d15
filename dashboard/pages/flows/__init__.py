"""Flows: guided work of several steps, as a list and each by itself."""
