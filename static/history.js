// Back and forward: what stands on a page is what its address asks for.
"use strict";

// htmx asks the server for the page of an earlier address. Where a person goes on before it comes,
// it is asked for no more; where none comes, the browser loads it by itself.
let asked = null;
document.addEventListener("htmx:historyCacheMiss", (event) => {
  if (asked) asked.abort();
  asked = event.detail.xhr;
  asked.addEventListener("error", () => location.reload());
});
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());

// Nor does an answer for the page that was left come into this one.
window.addEventListener("popstate", () => {
  for (const asking of document.querySelectorAll("[hx-get], [hx-post]")) htmx.trigger(asking, "htmx:abort");
});

// A page that the browser kept may have what was typed there and never asked for; one that it loads
// anew it would fill with that, but for `autocomplete`.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[autocomplete='off']")) form.reset();
});
