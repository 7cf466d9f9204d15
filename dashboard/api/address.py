"""Where the API is: the one place that spells it."""

PREFIX = "api/v1/"
