"""What a list is made of: what an address asks of it, its filters, rows, pages and figures."""
