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
  if (event.key === "r" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const refresh = document.querySelector("main button[data-key='r']");
    if (refresh) refresh.click();
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

// What a badge means comes when it is pressed. Many badges share one explanation; each has its date.
let explained = null;
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "meaning") return;
  explained = event.detail.requestConfig.elt;
  for (const part of event.target.querySelectorAll(".since")) {
    part.hidden = !explained.dataset.since;
    if (part.matches("dd")) part.textContent = sinceWords(explained);
  }
  event.target.showPopover({ source: explained });
});

// The day as the page had it, and how long that is by now.
function sinceWords(badge) {
  const [day] = (badge.dataset.since || "").split(", ");
  return day && `${day}, ${span(secondsSince(badge.dataset.at))}`;
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "meaning" || event.newState !== "closed" || !explained) return;
    const left = document.activeElement === document.body || event.target.contains(document.activeElement);
    if (left && explained.isConnected) explained.focus();
  },
  true,
);

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

// A bare address stands for the columns this person keeps: say so, for whoever copies it.
function showWholeAddress() {
  const list = document.querySelector("#list[data-address]");
  if (list) history.replaceState(history.state, "", list.dataset.address);
}

const picks = () => [...document.querySelectorAll(".pick input[name=id]")];

function showPicked() {
  const bar = document.getElementById("picked");
  if (!bar) return;
  const all = document.getElementById("pick-all");
  const page = document.getElementById("pick-page");
  const none = document.getElementById("pick-none");
  const rows = picks();
  const number = rows.filter((box) => box.checked).length;
  document.getElementById("picked-count").textContent = number ? `${number} selected` : "Nothing selected";
  all.hidden = none.hidden = false;
  all.checked = number === rows.length;
  all.indeterminate = number > 0 && number < rows.length;
  page.hidden = number === rows.length;
}

function pick(checked) {
  for (const box of picks()) box.checked = checked;
  showPicked();
}

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-all") pick(event.target.checked);
  else if (event.target.closest(".pick")) showPicked();
});

document.addEventListener("click", (event) => {
  if (event.target.id === "pick-page") pick(true);
  if (event.target.id === "pick-none") {
    pick(false);
    document.getElementById("pick-all").focus();
  }
});

function trouble(words) {
  return () => say("trouble", words);
}

document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  showWholeAddress();
});
// Also where the browser brings a page back with what was ticked on it.
window.addEventListener("pageshow", showPicked);
document.addEventListener("htmx:load", (event) => {
  showCopyButtons(event.target);
  showPicked();
});
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
