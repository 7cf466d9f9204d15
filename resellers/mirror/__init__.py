"""The mirror: packages and sites in, changed rows out."""
