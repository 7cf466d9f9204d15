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
    "selectors": False,  # nobody reads them: what is wrong is shown as it is written
    "rules": {rule: {"enabled": False} for rule in COLOURS},
}
# A look is all that these rules go by: the text's own colour, whether it counts as large, what lies
# behind it as far as that shows through, and for a link all that sets it off from the text around.
JUDGE_LOOKS = r"""async ([rules, clean]) => {
  const behind = new Map([[null, '']])
  const ground = (part) => {
    if (!behind.has(part)) {
      const {opacity, filter, backgroundColor, backgroundImage} = getComputedStyle(part)
      const around = ground(part.parentElement)
      const veil = opacity === '1' && filter === 'none' ? '' : `%${opacity} ${filter}`
      const own = `/${backgroundColor} ${backgroundImage}${veil}`
      // Through what is veiled, everything behind it is seen.
      const covers = backgroundColor.startsWith('rgb(') && !veil && !around.includes('%')
      const isNothing = own === '/rgba(0, 0, 0, 0) none'
      behind.set(part, isNothing ? around : covers ? own : around + own)
    }
    return behind.get(part)
  }
  const kind = (part) => {
    const style = getComputedStyle(part)
    const own = [style.color, style.fill, style.fontSize, style.fontWeight, style.textShadow]
    return [...own, style.textDecorationLine].join()
  }
  const colour = (part) => {
    const style = getComputedStyle(part)
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700
    const large = size >= 24 || (bold && size >= 18.6)
    return [style.color, style.fill, style.textShadow, large].join()
  }
  const look = (part) => {
    const link = part.closest('a')
    const own = link ? `${kind(part)}|${kind(link.parentElement)}` : colour(part)
    return `${own}|${ground(part)}`
  }
  // Nor does axe judge anything else: words, in sight, that are not switched off.
  const judged = (part) => {
    const own = [...part.childNodes].filter((node) => node.nodeType === 3)
    const isField = part.matches('input:not([type=checkbox], [type=radio]), textarea')
    const words = isField ? part.value : own.map((node) => node.data).join('')
    if (words.trim().length < 2 || !/[\p{L}\p{N}]/u.test(words)) return false
    const box = part.getBoundingClientRect()
    return part.checkVisibility({opacityProperty: true}) && box.width > 1 && box.right > 0
      && box.bottom > 0 && !part.closest(':disabled, [aria-disabled="true"]')
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
    results.flatMap((rule) => rule.nodes.map((node) => node.element)).filter(judged).map(look)
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
