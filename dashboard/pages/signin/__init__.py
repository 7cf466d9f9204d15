"""The door: name and password, a second factor, a passkey, a link that works once."""
