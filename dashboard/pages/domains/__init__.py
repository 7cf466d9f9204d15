"""Domains: the services that customers have them by, when they end, and what can be done."""
