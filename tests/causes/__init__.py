"""How each refusal that Wix documents is brought about, through our own client."""

from . import domains, services, sites

__all__ = ["domains", "services", "sites"]
