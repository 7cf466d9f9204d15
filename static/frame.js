// What stands around each page works without this file; with it the menu folds at once.
"use strict";

const root = document.documentElement;
const collapse = document.getElementById("collapse");

collapse.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = collapse.querySelector("button");
  const isRail = button.value === "rail";
  // The server draws the next page so: dashboard/frame/menu_width.py.
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `menu=${button.value};path=/;max-age=31536000;samesite=lax${secure}`;
  if (isRail) root.dataset.menu = "rail";
  else delete root.dataset.menu;
  button.value = isRail ? "full" : "rail";
  button.title = button.querySelector(".label").textContent = texts.menu[isRail ? "rail" : "full"];
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (document.body.dataset.shortcuts === "off") return;
  if (event.key !== "[" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  collapse.requestSubmit(collapse.querySelector("button"));
});

// Where the search box has no room, its button opens what the box would.
document.querySelector(".search-link").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openPalette("");
});
