"""The people behind a customer's domains."""
