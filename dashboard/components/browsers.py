"""The name of a browser as people know it, from what it says of itself."""

from django.utils.translation import gettext as _

# In this order: each also names the ones after it.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


def browser(agent: str) -> str:
    """Such as `Firefox on Linux`; what it says of itself where that is none we know."""
    names = (*_BROWSERS, ("Safari", "Safari"))
    name = next((word for sign, word in names if f"{sign}/" in agent), "")
    system = next((word for sign, word in _SYSTEMS if sign in agent), "")
    if not name:
        return agent.partition("/")[0][:60] or _("Unknown")
    if not system:
        return name
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
