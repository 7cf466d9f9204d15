"""The dashboard as in production for half an hour, with fifty people at work: `make soak`."""
