"""What takes more than one step, with people outside in between."""
