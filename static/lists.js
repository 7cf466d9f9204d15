// Lists work without this file; with it counts, finding and copying come to where one is.
"use strict";

// The filters may take two lines: the head of the rows sticks below them. On what has no id: htmx
// carries the style of what has one over as an attribute, which the page's own policy forbids.
const barHeights = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.offsetHeight) target.closest(".rows")?.style.setProperty("--bar", `${target.offsetHeight}px`);
  }
});

function readyList(root) {
  for (const bar of root.querySelectorAll(".filter-row, .picked")) barHeights.observe(bar);
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("DOMContentLoaded", () => readyList(document));
document.addEventListener("htmx:load", (event) => readyList(event.target.closest("#list")?.parentElement ?? event.target));

document.addEventListener("click", async (event) => {
  const copy = event.target.closest(".menu-panel [data-copy]");
  if (copy) {
    await copyText(copy);
    const menu = copy.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  // What was chosen in a filter is shown anew with the rows: the keyboard goes on from that filter.
  const facet = event.target.closest(".facet");
  if (facet && event.target.closest("a, button")) goesOnFrom = facet.querySelector("summary").id;
});

let goesOnFrom = "";
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "list" || document.activeElement !== document.body) return;
  document.getElementById(goesOnFrom)?.focus();
  goesOnFrom = "";
});
