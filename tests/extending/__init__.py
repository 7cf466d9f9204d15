"""What people add to the system, each added by a test and taken through all that concerns it."""
