// An open page stays true by itself: what has ended, what changed, whether the server is there.
"use strict";

{
  const toasts = document.getElementById("toasts");
  const home = toasts.parentElement;
  const changed = document.getElementById("changed");
  const token = document.querySelector("#palette-post [name=csrfmiddlewaretoken]").value;
  const TOAST_SECONDS = 8;
  const BACK_SECONDS = 3;
  const AWAY_AFTER = 5 * 60_000; // without a sign of a person, pages ask less often
  const LOST_AFTER = 2; // failures: one may be any request's

  let timer = 0;
  let failures = 0;
  let isLost = false;
  let hasEnded = false; // the session: whoever acts is led to the log-in
  let lastSign = Date.now();

  const isAsking = () => !document.hidden && !hasEnded;

  function askLater() {
    clearTimeout(timer);
    if (!isAsking()) return;
    const every = Number(toasts.dataset.every) * 1000;
    const isAway = Date.now() - lastSign > AWAY_AFTER;
    timer = setTimeout(ask, failures ? (every * Math.min(2 ** failures, 16)) / 8 : isAway ? 4 * every : every);
  }

  async function ask() {
    clearTimeout(timer);
    if (!isAsking()) return;
    if (navigator.onLine) {
      try {
        await askForNews();
        await askForChanges();
        foundAgain();
      } catch {
        failed(LOST_AFTER);
      }
    } else {
      failed(1);
    }
    askLater();
  }

  async function question(address, options = {}) {
    const headers = { "X-Poll": "1", "HX-Request": "true", "HX-Current-URL": location.href, ...options.headers };
    const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(10_000) });
    if (answer.headers.has("HX-Redirect") || answer.status === 403) hasEnded = true;
    else if (answer.status >= 500) throw new Error(answer.statusText);
    return answer.status === 200 && !hasEnded ? answer.text() : "";
  }

  // --- what has ended --------------------------------------------------------------------------

  async function askForNews() {
    const html = await question(toasts.dataset.live, { method: "POST", headers: { "X-CSRFToken": token } });
    if (!html) return;
    const news = new DOMParser().parseFromString(html, "text/html");
    for (const toast of news.querySelectorAll(".toast")) {
      if (!document.getElementById(toast.id)) show(toast, TOAST_SECONDS);
    }
    const bell = document.getElementById("bell");
    const newer = news.getElementById("bell");
    if (bell && newer && !bell.open && !bell.contains(document.activeElement)) bell.replaceWith(newer);
  }

  function show(toast, seconds) {
    let going = 0;
    const stay = () => clearTimeout(going);
    const leave = () => {
      stay();
      if (!toast.matches(":hover, :focus-within")) going = setTimeout(() => toast.remove(), seconds * 1000);
    };
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stay);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => setTimeout(leave));
    toast.addEventListener("keydown", (event) => event.key === "Escape" && dismiss(toast));
    toast.querySelector("[data-dismiss]")?.addEventListener("click", () => dismiss(toast));
    comeUp();
    toasts.append(toast);
    leave();
  }

  // Over an open dialog nothing else can be seen or pressed but what stands in it.
  function comeUp() {
    const dialog = document.querySelector("dialog:modal");
    const place = dialog ?? home;
    if (toasts.parentElement === place) return;
    place.append(toasts);
    dialog?.addEventListener("close", () => home.append(toasts), { once: true });
  }

  // A dialog that asked is replaced with its list, and whatever stood in it.
  document.addEventListener("htmx:afterSwap", () => toasts.isConnected || home.append(toasts));

  // What an answer brought with it.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target !== toasts) return;
    for (const toast of toasts.querySelectorAll(".toast:not([id], [data-shown])")) {
      toast.dataset.shown = "";
      show(toast, TOAST_SECONDS);
    }
  });

  function dismiss(toast) {
    const hadFocus = toast.contains(document.activeElement);
    toast.remove();
    if (hadFocus) document.getElementById("content").focus();
  }

  // --- what changed of a list ------------------------------------------------------------------

  async function askForChanges() {
    const list = document.getElementById("list");
    if (!list?.dataset.changed || hasEnded) return;
    const address = new URL(list.dataset.changed, location.href);
    address.search = location.search;
    address.searchParams.set("made", list.dataset.made);
    const html = await question(address);
    if (!list.isConnected || changed.dataset.html === html) return;
    changed.dataset.html = html;
    changed.innerHTML = html;
    changed.hidden = !html;
    htmx.process(changed);
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "list") return;
    const wasPressed = changed.contains(document.activeElement);
    changed.hidden = true;
    changed.replaceChildren();
    changed.dataset.html = "";
    const heading = wasPressed && document.querySelector("#list h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  });

  // --- the connection --------------------------------------------------------------------------

  function failed(lostAfter) {
    failures += 1;
    if (failures < lostAfter || isLost) return;
    isLost = true;
    say("trouble", toasts.dataset.lost);
  }

  function foundAgain() {
    failures = 0;
    if (!isLost) return;
    isLost = false;
    say("trouble", "");
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.append(Object.assign(document.createElement("p"), { textContent: toasts.dataset.back }));
    show(toast, BACK_SECONDS);
  }

  window.addEventListener("offline", () => {
    failed(1);
    askLater();
  });
  window.addEventListener("online", ask);
  document.addEventListener("htmx:sendError", () => {
    failed(1);
    askLater();
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && foundAgain());

  // --- only while somebody may see it ----------------------------------------------------------

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.requestConfig.headers["X-Poll"]) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => (lastSign = Date.now()), { passive: true });
  }
  window.addEventListener("pagehide", () => clearTimeout(timer));
  window.addEventListener("pageshow", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 1000);
  });
}
