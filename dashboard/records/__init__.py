"""A record as people read it: its page and tabs, its timeline, and what Wix said of it."""
