// The keyboard: single keys on every page, rows that are walked through, what Esc closes.
"use strict";

{
  const MENUS = "details:is(.drop, .menu, [data-menu])[open]";
  const areKeysOff = () => document.body.dataset.shortcuts === "off";
  const isTyping = (event) => event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette("");
      return;
    }
    // What lies on top of all closes by itself.
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      closeMenu();
      return;
    }
    if (isTyping(event) || hasModifier(event) || areKeysOff()) return;
    const act = KEYS[event.key] || (() => press(event.key));
    if (act(event) !== false) event.preventDefault();
  });

  const KEYS = {
    "/": () => openPalette(""),
    "?": () => showKeys(),
    j: () => walk(1),
    k: () => walk(-1),
    Enter: (event) => openRow(event),
    x: () => tick(currentRow(), false),
    X: () => tick(currentRow(), true),
    r: () => refresh(),
  };

  // --- rows ------------------------------------------------------------------------------------

  // Neither the heading of a day nor what is folded below a row.
  const ROW = "main table tbody tr:not(.day, .below, .below *), main .rows > li";
  const rows = () => [...document.querySelectorAll(ROW)].filter((row) => row.checkVisibility());
  const currentRow = () => document.activeElement?.closest(ROW);

  // By which a row is known again after it was drawn anew.
  const keyOf = (row) => row?.querySelector(":is([name=id], [id^=again-])")?.value || row?.querySelector("[id^=again-]")?.id || "";
  let lastKey = "";
  let lastPlace = -1;

  function goTo(row) {
    for (const other of document.querySelectorAll("tr[tabindex], .rows > li[tabindex]")) other.removeAttribute("tabindex");
    row.tabIndex = 0;
    row.focus();
    lastKey = keyOf(row);
    lastPlace = rows().indexOf(row);
  }

  function walk(way) {
    const every = rows();
    if (!every.length) return false;
    const here = every.indexOf(currentRow());
    const again = here < 0 && lastKey ? every.findIndex((row) => keyOf(row) === lastKey) : -1;
    const next = again >= 0 ? again : here < 0 ? (way > 0 ? 0 : every.length - 1) : here + way;
    if (every[next]) goTo(every[next]);
  }

  // Only with the row itself: on a link or a button within, Enter is theirs.
  function openRow(event) {
    const row = event.target.matches("tr, .rows > li") ? event.target : null;
    const link = row?.querySelector(".unfold > summary") || row?.querySelector("a.name, td.main a[href], th a[href], a[href]");
    if (!link) return false;
    link.click();
  }

  let lastTicked = null;

  function tick(row, isRange) {
    const box = row?.querySelector("input[type=checkbox][name=id]");
    if (!box) return false;
    const boxes = rows().flatMap((one) => [...one.querySelectorAll("input[type=checkbox][name=id]")]);
    const from = boxes.findIndex((one) => one.value === lastTicked);
    const to = boxes.indexOf(box);
    if (isRange && from >= 0) {
      const state = boxes[from].checked;
      for (const one of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) set(one, state);
    } else {
      set(box, !box.checked);
    }
    lastTicked = box.value;
    say("announce", box.checked ? texts.selected : texts.notSelected);
  }

  function set(box, isTicked) {
    if (box.checked === isTicked) return;
    box.checked = isTicked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What says by `data-key` that it is pressed by that key: of rows that are ticked, else of the row
  // one is in, else of what is open beside the list.
  function press(key) {
    if (!/^[a-z0-9]$/.test(key)) return false;
    const isTicked = document.querySelector(".pick input[name=id]:checked");
    const places = [isTicked && document.getElementById("picked"), currentRow(), document.getElementById("case")];
    const control = places.map((place) => place?.querySelector(`[data-key="${key}"]`)).find(Boolean);
    if (!control) return false;
    if (control.getAttribute("aria-disabled") === "true") say("announce", control.title);
    else control.click();
  }

  document.addEventListener("row-chosen", (event) => goTo(event.detail));

  function refresh() {
    const button = currentRow()?.querySelector("button[id^=again-], button[data-key=r]") || document.querySelector("main button[data-key=r]");
    if (!button || button.disabled) return false;
    button.click();
  }

  // --- layers ----------------------------------------------------------------------------------

  // The menu on top closes, and the keyboard is back where it was opened.
  function closeMenu() {
    const open = [...document.querySelectorAll(MENUS)].at(-1);
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  }

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(MENUS)) {
      if (!open.contains(event.target)) open.open = false;
    }
    const closing = event.target.closest("dialog [data-closes]");
    if (closing) closing.closest("dialog").close();
    const opening = event.target.closest("a[data-keys]");
    if (opening) {
      event.preventDefault();
      showKeys();
    }
  });

  function showKeys() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    dialog.showModal();
    htmx.trigger(dialog, "opened");
  }

  document.getElementById("keys")?.addEventListener("click", (event) => {
    if (event.target.id === "keys") event.target.close();
  });
  // --- what is drawn anew ----------------------------------------------------------------------

  // Whether the keyboard was in what goes: then it goes on where the eye goes.
  let wasWithin = false;
  let wasInRow = false;
  let wasInPanel = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    wasWithin = target.contains(document.activeElement) && document.activeElement !== document.body;
    wasInPanel = wasWithin && Boolean(document.activeElement.closest("#case"));
    wasInRow = wasWithin && Boolean(currentRow() || document.activeElement.closest("dialog, #case"));
    if (wasWithin && currentRow()) {
      lastKey = keyOf(currentRow());
      lastPlace = rows().indexOf(currentRow());
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!wasWithin || document.activeElement !== document.body) return;
    wasWithin = false;
    // Who worked within the panel stays with what is open there.
    const open = wasInPanel && document.getElementById("case-title");
    if (open) {
      open.focus();
      return;
    }
    const every = rows();
    const row = (lastKey && every.find((one) => keyOf(one) === lastKey)) || (event.target.matches("tr") && every[lastPlace]) || (wasInRow && every[Math.min(Math.max(lastPlace, 0), every.length - 1)]);
    if (row) {
      goTo(row);
      return;
    }
    const changed = event.target.isConnected ? event.target : document.querySelector("main");
    const heading = changed.querySelector("h1, h2, h3") || document.querySelector("main h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  });
}
