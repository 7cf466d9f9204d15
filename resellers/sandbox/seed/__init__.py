"""The believable world of a seed: its customers, their sites, and what was ordered for them."""
