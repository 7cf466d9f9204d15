"""What axe-core has to say about a page, in light and in dark.

The rules about colours take nine tenths of the time, and of two texts that look alike they say the
same: in one process each look is judged until it was found clean once, on whatever page.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES = ("light", "dark")
# Of all rules these alone depend on the colours.
COLOURS = ("color-contrast", "link-in-text-block")
OF_NO_COLOURS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {rule: {"enabled": False} for rule in COLOURS},
}
# A look is all that these rules go by: the text's own colour and kind, whatever lies behind it,
# and for a link the text around it.
JUDGE_LOOKS = r"""async ([rules, clean]) => {
  const behind = new Map([[null, '']])
  const ground = (part) => {
    if (!behind.has(part)) {
      const style = getComputedStyle(part)
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter]
      const plain = 'rgba(0, 0, 0, 0),none,1,none'
      behind.set(part, ground(part.parentElement) + (own.join() === plain ? '' : '/' + own.join()))
    }
    return behind.get(part)
  }
  const kind = (part) => {
    const style = getComputedStyle(part)
    const own = [style.color, style.fill, style.fontSize, style.fontWeight, style.textShadow]
    return [...own, style.textDecorationLine].join()
  }
  const look = (part) => {
    const around = part.closest('a') ? kind(part.closest('a').parentElement) : ''
    return [kind(part), around, ground(part)].join('|')
  }
  // Nor does axe judge anything else: words, in sight, that are not switched off.
  const judged = (part) => {
    const own = [...part.childNodes].filter((node) => node.nodeType === 3)
    const words = part.matches('input, textarea') ? part.value : own.map((node) => node.data).join()
    if (!/[\p{L}\p{N}]/u.test(words)) return false
    const box = part.getBoundingClientRect()
    return part.checkVisibility() && box.width > 1 && box.right > 0 && box.bottom > 0
      && !part.closest(':disabled, [aria-disabled="true"]')
  }
  const known = new Set(clean), wanted = new Map()
  for (const part of document.body.querySelectorAll('*')) {
    const its = judged(part) ? look(part) : ''
    if (its && !known.has(its)) wanted.set(its, [...(wanted.get(its) ?? []), part].slice(0, 3))
  }
  if (wanted.size === 0) return {clean: [], violations: []}
  const found = await axe.run([...wanted.values()].flat(), {
    runOnly: rules, resultTypes: ['violations', 'incomplete', 'passes'],
    elementRef: true, selectors: false,
  })
  const looks = (results) =>
    results.flatMap((rule) => rule.nodes.map((node) => look(node.element)))
  const unclean = new Set(looks([...found.violations, ...found.incomplete]))
  return {
    clean: looks(found.passes).filter((its) => !unclean.has(its)),
    violations: found.violations.map(({id, nodes}) => ({
      id, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary})),
    })),
  }
}"""

_clean: dict[str, set[str]] = {scheme: set() for scheme in SCHEMES}


def bring_axe(page: Page) -> None:
    """Have axe on each document that the page goes to, where most of them will be judged."""
    page.add_init_script(Axe().axe_script)


def complaints(page: Page) -> list[str]:
    """Each rule of axe that the page breaks, with what breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    wrong = {"light": page.evaluate("options => axe.run(options)", OF_NO_COLOURS)["violations"]}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        judged = page.evaluate(JUDGE_LOOKS, [COLOURS, sorted(_clean[scheme])])
        _clean[scheme].update(judged["clean"])
        wrong[scheme] = [*wrong.get(scheme, []), *judged["violations"]]
    return [
        f"{page.url} in {scheme}, {rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for scheme, rules in wrong.items()
        for rule in rules
        for node in rule["nodes"]
    ]
