"""People who work here: their way in, what they may do, and what becomes of it when they leave."""
