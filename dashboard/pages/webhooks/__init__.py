"""Webhooks: where what happens is sent, and what became of each call."""
