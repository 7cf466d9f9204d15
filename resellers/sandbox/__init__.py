"""A Wix of our own: the calls of the Resellers API and its neighbours, over real HTTP.

It knows nothing of the dashboard and shares no code with the client, so that a misreading on one
side is not repeated on the other.
"""

from .server import Sandbox, SandboxError

__all__ = ["Sandbox", "SandboxError"]
