"""How each refusal that Wix documents is brought about, through our own client."""
