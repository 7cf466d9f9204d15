"""Icons: shapes of one file, drawn in the colour of the text around them."""

from functools import cache

from django.templatetags.static import static
from django.utils.safestring import SafeString

from .markup import format_html
from .values import type_words

# By words of a service type, the first that is in it: Wix's types and names in imported
# catalogues are many, what a customer has of them is one of these.
SERVICE_TYPES = {
    "premium": "plan",
    "plan": "plan",
    "mail": "mail",
    "domain": "domain",
    "shop": "shop",
    "store": "shop",
    "booking": "calendar",
    "newsletter": "plane",
    "marketing": "plane",
    "seo": "trend",
    "logo": "logo",
    "support": "help",
}


@cache
def icon(name: str, tone: str = "") -> SafeString:
    """The icon of that name; it says nothing to who hears the page, so a word stands beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {tone}".strip(),
        static("icons.svg"),
        name,
    )


@cache
def service_icon_name(service_type: str) -> str:
    """The icon that stands for services of that type."""
    kind = service_type.lower()
    return next((SERVICE_TYPES[word] for word in SERVICE_TYPES if word in kind), "box")


@cache
def service_icon(service_type: str) -> SafeString:
    """What kind of service it is, as a tile; its title says the type."""
    name, words = service_icon_name(service_type), type_words(service_type)
    title = format_html(' title="{}"', words) if words else ""
    return format_html('<span class="tile"{}>{}</span>', title, icon(name))
