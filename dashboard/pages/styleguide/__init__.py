"""The style guide: each component of the pages, in each of its states."""
