"""The pages, a folder a noun."""
