"""Templates of packages."""
