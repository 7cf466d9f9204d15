"""Who works here: an admin's pages."""
