"""How one value is shown: names, statuses, ages, charts; and the template tags for them."""
