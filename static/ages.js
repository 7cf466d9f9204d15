// Ages go on on an open page, in the server's words: dashboard/components/ages.py has both.
"use strict";

const ages = JSON.parse(document.querySelector("meta[name=ages]").content);
// The server's clock and not this machine's, which may be wrong.
let ahead = Date.parse(ages.made) - Date.now();
let madeAt = Date.parse(ages.made);

const now = () => Date.now() + ahead;
const secondsSince = (moment) => (now() - Date.parse(moment)) / 1000;

// A length of time in its largest unit.
function span(seconds) {
  seconds = Math.max(0, Math.floor(seconds));
  if (seconds < 60) return fill(texts.seconds, seconds);
  if (seconds < 3600) return fill(texts.minutes, Math.floor(seconds / 60));
  if (seconds < 48 * 3600) return fill(texts.hours, Math.floor(seconds / 3600));
  return counted(texts.days, Math.floor(seconds / 86400));
}

const WORDS = {
  span,
  for: (seconds) => fill(texts.for, span(seconds)),
  ago: (seconds) => (seconds < 0 ? fill(texts.in, span(-seconds)) : fill(texts.ago, span(seconds))),
};

function goOn(time) {
  const words = WORDS[time.dataset.ticks](secondsSince(time.dateTime));
  if (time.firstChild.data === words) return;
  // Who hears the page is not told of every second of what is told as it comes.
  if (time.closest("[role=status], [role=alert], [aria-live]")) time.setAttribute("aria-live", "off");
  time.firstChild.data = words;
}

function setStage(element) {
  const past = secondsSince(element.dataset.since || element.dateTime);
  const stages = ages.stages[element.dataset.stages];
  const [, tone, before, after] = stages.findLast(([over]) => past > over) || stages[0];
  if (element.classList.contains(tone)) return;
  for (const toned of [element, ...element.querySelectorAll("[data-tone]")]) {
    toned.classList.remove(...stages.map((stage) => stage[1]));
    toned.classList.add(tone);
  }
  const head = element.querySelector("[data-before]");
  if (head) head.textContent = before;
  if (element.matches("time") && !element.querySelector("small")) element.append(document.createElement("small"));
  const tail = element.querySelector("[data-after], small");
  if (tail) tail.textContent = after;
}

// Of two ages that read alike, one is enough.
function joinAlike(between) {
  const [newest, oldest] = [between.querySelector("time"), between.nextElementSibling];
  between.hidden = fill(texts.ago, newest.textContent) === oldest.textContent;
}

function showPageAge() {
  const notice = document.getElementById("page-age");
  if (!notice) return;
  const isOld = now() - madeAt >= ages.pageOld * 1000;
  const age = span((now() - madeAt) / 1000);
  if (isOld) notice.querySelector("time").textContent = age;
  if (isOld && notice.hidden) say("announce", fill(texts.pageAge, age));
  notice.hidden = !isOld;
}

function goOnWithAll() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-ticks]")) goOn(time);
  for (const element of document.querySelectorAll("[data-stages]")) setStage(element);
  for (const between of document.querySelectorAll(".between")) joinAlike(between);
  showPageAge();
}

setInterval(goOnWithAll, 1000);
document.addEventListener("visibilitychange", goOnWithAll);
window.addEventListener("pageshow", goOnWithAll);

// Back and forward have the whole page made anew, and so may what stands for it.
document.addEventListener("htmx:historyRestore", () => {
  madeAt = now();
  goOnWithAll();
});
document.addEventListener("htmx:afterSettle", () => {
  const made = document.querySelector("main [data-made]");
  if (!made || Date.parse(made.dataset.made) <= madeAt) return;
  madeAt = Date.parse(made.dataset.made);
  ahead = madeAt - Date.now();
  showPageAge();
});
