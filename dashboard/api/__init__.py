"""The read API: the lists as JSON, for programs that show a person's token."""
