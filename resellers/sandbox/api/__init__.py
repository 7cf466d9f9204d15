"""The calls of Wix that are served: one function each, and what they share."""
