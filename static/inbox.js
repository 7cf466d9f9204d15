// Cases are worked off without leaving their list. Without this file each verb leads to a page.
"use strict";

{
  const panel = () => document.getElementById("case");
  const isOpen = () => Boolean(panel()?.firstElementChild);
  const rowOf = (id) => document.querySelector(`.listing a.name[href$="/${id}/"]`)?.closest("tr");
  const openId = () => panel()?.querySelector("[name=id]")?.value || "";

  // --- verbs -----------------------------------------------------------------------------------

  // The answer is the list anew, or what has to be said first: the server says which.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!document.querySelector("#list.parted") || !button?.matches("[data-verb], [form=case-verbs]")) return;
    event.preventDefault();
    const sent = new FormData(form, button);
    if (isOpen() && !sent.has("case")) sent.set("case", openId());
    const list = document.getElementById("list");
    const query = list.querySelector("#case-verbs [name=query]").value;
    if (!sent.get("query")) sent.set("query", query);
    const values = {};
    for (const name of new Set(sent.keys())) values[name] = sent.getAll(name);
    const address = new URL(button.getAttribute("formaction") || form.action, location.href);
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    button.closest(".toast")?.remove();
    htmx.ajax("POST", address.pathname, { source: list, target: "#list", swap: "outerHTML", values });
  });

  document.addEventListener("verb-asks", () => {
    const dialog = document.getElementById("verb");
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[aria-invalid], [autofocus], input:checked, select, textarea")?.focus();
    const report = dialog.querySelector("[data-copy-now]");
    if (report) copyText(report);
  });

  document.addEventListener("click", (event) => {
    const report = event.target.closest(".copy-report");
    if (report) copyText(report);
    if (event.target.id === "verb") event.target.close();
  });

  // --- the case beside the list ------------------------------------------------------------------

  function mark() {
    for (const row of document.querySelectorAll(".listing tr[aria-current]")) row.removeAttribute("aria-current");
    if (!isOpen()) return;
    rowOf(openId())?.setAttribute("aria-current", "true");
    for (const step of panel().querySelectorAll("[data-step][hidden]")) step.hidden = false;
  }

  function shut() {
    const row = rowOf(openId());
    panel().replaceChildren();
    history.replaceState(history.state, "", withoutCase());
    mark();
    row?.focus();
  }

  function withoutCase() {
    const address = new URL(location.href);
    address.searchParams.delete("case");
    return address;
  }

  function stepTo(way) {
    const rows = [...document.querySelectorAll(".listing tbody tr")];
    const next = rows[rows.indexOf(rowOf(openId())) + way];
    next?.querySelector("a.name").click();
    if (next) document.dispatchEvent(new CustomEvent("row-chosen", { detail: next }));
  }

  document.addEventListener("click", (event) => {
    if (!panel()) return;
    if (event.target.closest("#case-close")) {
      event.preventDefault();
      shut();
    }
    const step = event.target.closest("#case [data-step]");
    if (step) stepTo(Number(step.dataset.step));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !panel() || !isOpen()) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    event.preventDefault();
    shut();
  }, true);

  // Whoever walks through the rows sees the case of each, as long as one is open.
  let following = 0;
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".parted .listing tbody tr");
    if (!row || event.target !== row || !isOpen()) return;
    const link = row.querySelector("a.name");
    clearTimeout(following);
    if (link.getAttribute("href").endsWith(`/${openId()}/`)) return;
    following = setTimeout(() => link.isConnected && link.click(), 120);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "list" || event.target.id === "case") mark();
  });
  document.addEventListener("DOMContentLoaded", mark);
}
