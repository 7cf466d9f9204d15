// The pages work without this file; it adds the search key, copying, and word of lost connections.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.getElementById("search");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "Escape") {
    closeFound();
    for (const open of document.querySelectorAll("details.drop[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".search")) {
    stepThroughFound(event);
  }
});

function stepThroughFound(event) {
  const stops = [document.getElementById("search"), ...document.querySelectorAll("#found a")];
  const here = stops.indexOf(document.activeElement);
  const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (here >= 0 && next) {
    event.preventDefault();
    next.focus();
  }
}

function closeFound() {
  const found = document.getElementById("found");
  if (found) found.replaceChildren();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) closeFound();
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  const copy = event.target.closest("button.copy");
  if (copy) copyText(copy);
});

async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    say("announce", "The browser does not let this page copy.");
    return;
  }
  button.classList.add("done");
  say("announce", "Copied");
  setTimeout(() => button.classList.remove("done"), 1500);
}

function say(id, words) {
  const line = document.getElementById(id);
  line.textContent = words;
  line.hidden = !words;
}

function showCopyButtons(root) {
  for (const button of root.querySelectorAll("button.copy[hidden]")) button.hidden = false;
}

function trouble(words) {
  return () => say("trouble", words);
}

document.addEventListener("DOMContentLoaded", () => showCopyButtons(document));
document.addEventListener("htmx:load", (event) => showCopyButtons(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) {
    const line = document.getElementById("trouble");
    line.hidden = true;
  }
});
document.addEventListener(
  "htmx:responseError",
  trouble("The server could not answer. What you see may be out of date; reload the page."),
);
document.addEventListener("htmx:sendError", trouble("The server cannot be reached. Trying again may help."));
document.addEventListener("htmx:timeout", trouble("The server took too long to answer. Trying again may help."));
