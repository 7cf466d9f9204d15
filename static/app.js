// The pages work without this file; it adds copying, what badges mean, and what is ticked.
"use strict";

// What scripts say comes with the page, in its language: dashboard/frame/script_texts.py.
const texts = JSON.parse(document.querySelector("meta[name=texts]").content);
const plurals = new Intl.PluralRules(document.documentElement.lang);
const fill = (text, value) => text.replace("%s", () => value);
const counted = (forms, number) => fill(forms[plurals.select(number)] ?? forms.other, number);

document.addEventListener("click", (event) => {
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
    say("announce", texts.noCopy);
    return;
  }
  button.classList.add("done");
  say("announce", texts.copied);
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
  const every = document.getElementById("pick-every");
  const number = rows.filter((box) => box.checked).length;
  // All that match go only as long as nobody picks among them.
  if (every && number < rows.length) every.checked = false;
  const words = every?.checked ? every.dataset.count : number;
  document.getElementById("picked-count").textContent = number ? fill(texts.someSelected, words) : texts.nothingSelected;
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
  else if (event.target.id === "pick-every" && event.target.checked) pick(true);
  else if (event.target.id === "pick-every") showPicked();
  else if (event.target.closest(".pick")) showPicked();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#pick-page")) pick(true);
  if (event.target.closest("#pick-none")) {
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
document.addEventListener("htmx:responseError", trouble(texts.noAnswer));
document.addEventListener("htmx:timeout", trouble(texts.slow));
