"""The addresses beside Wix's own: look at the truth, change it, and rehearse faults."""
