"""A kind of operation of one's own: a package's external id, marked with a tag in front."""
