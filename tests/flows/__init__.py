"""Flows against the sandbox: what they ask for, once, and what they say."""
