"""Flows: their processes killed and frozen, their answers spoilt, their people racing, time moved.

Real workers and the sweep carry them on, and staff answer and confirm as the flows ask. What became
of each is held against the sandbox's journal and state.
"""
