"""A finger on a telephone: whatever it may press is large enough for it."""

from tests import worlds
from tests.one_of_everything import every_call

SMALLEST = 44
# As far as a press in each direction still lands on it, from its middle. What is off to the side in
# tabs that scroll is not in sight, and a chart's columns stand in its table as numbers.
TOO_SMALL = """(smallest) => {
  const wanted = 'button, summary, select, textarea, input:not([type=hidden]), .button, .chip, '
    + ':is(.tabs, .side, .menu-panel, .pager, .segments) a'
  const found = []
  for (const part of document.querySelectorAll(wanted)) {
    const target = part.closest('label') ?? part
    if (!part.checkVisibility({visibilityProperty: true})) continue
    if (target.closest('svg, .unseen')) continue
    const box = target.getBoundingClientRect()
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    const lands = (x, y) => target.contains(document.elementFromPoint(x, y))
    const row = target.closest('.tabs')?.getBoundingClientRect() ?? {left: 0, right: innerWidth}
    if (box.right > row.right || box.left < row.left || !lands(x, y)) continue
    const reach = (dx, dy) => {
      let far = 0
      while (far < smallest && lands(x + dx * (far + 1), y + dy * (far + 1))) far++
      return far
    }
    const size = [reach(-1, 0) + reach(1, 0) + 1, reach(0, -1) + reach(0, 1) + 1]
    if (Math.min(...size) < smallest - 0.5) found.push(`${size}: ${target.outerHTML.slice(0, 120)}`)
  }
  return found.slice(0, 5)
}"""


def test_whatever_a_finger_presses_is_large_enough(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    page = browse_as(
        "admin", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    hook = every_call(worlds.user("admin", "keeper-of-webhooks"))
    record, customer = service.get_absolute_url(), service.account.get_absolute_url()

    for address in (
        *("/", "/instances/", "/failures/", "/operations/", "/search/?q=a", "/me/", "/policy/"),
        *(
            record,
            customer,
            f"{record}reassign/",
            f"{record}cancel/",
            "/audit/",
            f"/policy/webhooks/{hook.pk}/",
        ),
    ):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(address)
        # All of it in sight at once, so that a press is tried on all of it.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 360, "height": height})
        assert page.evaluate(TOO_SMALL, SMALLEST) == [], address
        assert page.locator("main").filter(visible=True).count() == 1, address
