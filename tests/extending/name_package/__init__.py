"""A flow of ones own: a package is named, step by step."""
