"""Django's admin over the same tables: a yardstick, which the product itself does not have."""
