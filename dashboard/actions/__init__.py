"""Asking for a change: form, plan, confirmation; a file a kind."""
