// What htmx puts on the page never takes away what a person is doing there.
"use strict";

// A click is one thing pressed and let go: what nobody asked for just now waits until it is let go.
let isPressed = false;
const heldBack = new Set();

function press() {
  isPressed = true;
}

function release() {
  if (!isPressed) return;
  isPressed = false;
  // After the click that comes of it. What polls comes again by itself; the rest listens for this.
  setTimeout(() => {
    for (const element of heldBack) if (element.isConnected) htmx.trigger(element, "released");
    heldBack.clear();
  });
}

document.addEventListener("pointerdown", (event) => event.button === 0 && press(), true);
document.addEventListener("keydown", (event) => event.key === " " && press(), true);
for (const name of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(name, release, true);
// Let go where this page could not see it.
document.addEventListener("pointerover", (event) => event.buttons === 0 && release(), true);
window.addEventListener("blur", release);

document.addEventListener("htmx:beforeSwap", (event) => {
  const { elt, requestConfig } = event.detail;
  if (!isPressed || requestConfig.triggeringEvent) return;
  event.detail.shouldSwap = false;
  heldBack.add(elt);
});

// What had the focus may be gone with what was swapped: it goes where a person goes on.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement !== document.body) return;
  const landing = event.target.querySelector("[data-lands]");
  if (landing) landing.focus();
});

// Counts that come late never take away what somebody is choosing.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  // But how many rows the choice would leave is what somebody who chooses looks at.
  if (target.closest("details[open]") && !target.matches(".matching")) event.detail.shouldSwap = false;
});

// Of tabs that scroll sideways, the open one is in sight.
function showOpenTab() {
  const tab = document.querySelector("#views [aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16;
}
document.addEventListener("DOMContentLoaded", showOpenTab);
document.addEventListener("htmx:afterSettle", showOpenTab);

// Nor what was just pressed: htmx announces an answer only while the thing pressed is on the page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "views" && target.closest("#list.htmx-request")) event.detail.shouldSwap = false;
});

// What somebody chooses while its list is asked for anew stays chosen, if the list still has it.
const chosen = {};
document.addEventListener("htmx:beforeSwap", (event) => {
  const field = event.detail.target.matches("[data-keep]") && event.detail.target.querySelector("select");
  if (field) chosen[field.id] = field.value;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const field = event.target.matches("[data-keep]") && event.target.querySelector("select");
  const has = field && [...field.options].some((option) => option.value === chosen[field.id]);
  if (has && chosen[field.id]) field.value = chosen[field.id];
});
