"""What comes out of the printer: the matter, whole and without the frame, and where it is from."""

from playwright.sync_api import expect

from tests import worlds

A4 = {"width": 718, "height": 1017}  # a page between its margins, at 96 dots to the inch
# Words that their own box, or the sheet, cuts off.
CUT = """() => [...document.querySelectorAll('main *')].filter((part) => {
  const words = [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  if (!words || !part.checkVisibility() || part.closest('.unseen, svg')) return false
  const box = part.getBoundingClientRect(), clips = getComputedStyle(part).overflowX !== 'visible'
  return box.right > innerWidth + 1 || (clips && part.scrollWidth > part.clientWidth + 1)
}).slice(0, 5).map((part) => part.outerHTML.slice(0, 160))"""


def test_on_paper_there_is_the_matter_whole_without_the_frame(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    account = worlds.account("Arbeitsgemeinschaft für nachhaltige Holzverarbeitung " * 4)
    long = worlds.instance(worlds.package(account), status="ENABLED")
    page = browse_as("operator", viewport=A4)
    listed = f"/instances/?status=ENABLED&account={account.pk}"

    for address in (listed, "/instances/?sort=expires", service.get_absolute_url(), "/"):
        page.emulate_media(media="screen")
        page.goto(address)
        page.emulate_media(media="print")
        for role in ("banner", "button", "searchbox", "tab"):
            assert page.get_by_role(role).filter(visible=True).count() == 0, (address, role)
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        assert page.evaluate(CUT) == [], address
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".on-paper:visible")).to_contain_text(whole_system.address + address)

    page.goto(listed)
    row = page.get_by_role("row").filter(has_text=str(long.product))
    expect(row).to_contain_text(account.name.strip())
    expect(page.locator(".on-paper")).to_contain_text(f"Customer: {account.name.strip()[:30]}")
    expect(page.locator(".on-paper")).to_contain_text("Status: Enabled")
