"""What exists in the sandbox, what changes it, and what happens by itself as time goes by."""
