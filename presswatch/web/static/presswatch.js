// What saves a reload or a hand on the mouse. Every page works without it.
"use strict";
(() => {
  const typing = (where) => where.closest("input, textarea, select, dialog, [contenteditable]");
  const rows = () => [...document.querySelectorAll(".row")];
  const current = () => document.querySelector('.row[aria-current="true"]');
  const go = (row) => {
    if (!row) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.querySelector("a.title")?.focus();
  };
  const places = { t: "/", s: "/search", o: "/topics", u: "/subscriptions", c: "/sources", r: "/trends", e: "/settings" };
  const step = (by) => { const all = rows(); go(all[Math.max(0, Math.min(all.length - 1, all.indexOf(current()) + by))]); };
  const mark = (by) => {
    const all = [...document.querySelectorAll("main mark")];
    const at = all.indexOf(document.activeElement);
    const next = all[(at + by + all.length) % all.length];
    if (next) { next.tabIndex = -1; next.focus(); next.scrollIntoView({ block: "center" }); }
  };
  const follow = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const acts = {
    "/": () => (document.querySelector("#query") || document.querySelector("#find"))?.focus(),
    j: () => step(1), k: () => step(-1), n: () => mark(1), p: () => mark(-1),
    o: () => current()?.querySelector("a.title")?.click(),
    v: () => { const original = (current() || document).querySelector("a[data-original]"); if (original) window.open(original.dataset.original || original.href, "_blank", "noreferrer"); },
    d: () => follow("a[data-changes]"), l: () => follow("a[data-edition]"), r: () => follow("[data-show-new]"),
    "[": () => follow('a[rel="prev"]'), "]": () => follow('a[rel="next"]'), "?": () => follow('a[href="/help/keys"]'),
  };
  let after = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.body.dataset.keys === "off") return;
    if (event.key === "Escape") return void document.activeElement?.blur();
    if (typing(event.target)) return;
    const act = after === "g" ? places[event.key] && (() => { location.href = places[event.key]; }) : acts[event.key];
    after = after === "g" ? "" : event.key;
    if (act) { event.preventDefault(); act(); }
  });
})();
