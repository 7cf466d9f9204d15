"""What axe-core has to say about a page, in light and in dark."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
# Of all rules these alone depend on the colours, and they take half of the time.
COLOURS = ("color-contrast", "link-in-text-block")
OF_COLOURS = ALL_RULES | {"runOnly": COLOURS}
OF_NO_COLOURS = ALL_RULES | {"rules": {rule: {"enabled": False} for rule in COLOURS}}


def complaints(page: Page, *, of_colours: bool = True) -> list[str]:
    """Each rule of axe that the page breaks, with what breaks it."""
    page.evaluate(Axe().axe_script)
    found = []
    schemes = {"light": ALL_RULES, "dark": OF_COLOURS} if of_colours else {"light": OF_NO_COLOURS}
    for scheme, options in schemes.items():
        page.emulate_media(color_scheme=scheme)
        for rule in page.evaluate("options => axe.run(options)", options)["violations"]:
            found += [
                f"{page.url} in {scheme}, {rule['id']}: {node['html'][:160]}"
                f" {node['failureSummary'][:300]}"
                for node in rule["nodes"]
            ]
    return found
