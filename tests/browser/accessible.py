"""What axe-core has to say about a page, in light and in dark."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
# Of all rules these alone depend on the colours.
OF_COLOURS = ALL_RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}


def complaints(page: Page) -> list[str]:
    """Each rule of axe that the page breaks, with what breaks it."""
    page.evaluate(Axe().axe_script)
    found = []
    for scheme, options in (("light", ALL_RULES), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=scheme)
        for rule in page.evaluate("options => axe.run(options)", options)["violations"]:
            found += [
                f"{page.url} in {scheme}, {rule['id']}: {node['html'][:160]}"
                f" {node['failureSummary'][:300]}"
                for node in rule["nodes"]
            ]
    return found
