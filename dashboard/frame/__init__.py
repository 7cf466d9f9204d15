"""What stands around every page: menu, notices, health, freshness, what a person set."""
