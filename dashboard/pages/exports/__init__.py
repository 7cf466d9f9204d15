"""One's own files of lists: how far they are, what they are, and taking them."""
