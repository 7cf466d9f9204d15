"""A record as people read it: its page and tabs, its story, what Wix said of it, the way back."""
