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
    const at = Math.max(all.indexOf(document.activeElement), by < 0 ? 0 : -1);
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
  const placed = { BracketLeft: "[", BracketRight: "]" };
  const named = ({ key, code }) => key.length === 1 && key > "~" ? placed[code] || code.replace("Key", "").toLowerCase() : key;  // where letters are not Latin, by its place
  let after = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.body.dataset.keys === "off") return;
    if (event.key === "Escape") return void document.activeElement?.blur();
    if (typing(event.target)) return;
    const key = named(event);
    const act = after === "g" ? places[key] && (() => { location.href = places[key]; }) : acts[key];
    after = after === "g" ? "" : key;
    if (act) { event.preventDefault(); act(); }
  });

  // Help opens above the page, which stays as it is.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-help], a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ("copy" in link.dataset) {
      if (!navigator.clipboard) return;
      event.preventDefault();
      navigator.clipboard.writeText(link.href).then(() => { link.textContent = link.dataset.copy; }, () => { location.href = link.href; });
      return;
    }
    event.preventDefault();
    fetch(link.href).then((answer) => answer.text()).then((text) => {
      const help = document.createElement("dialog");
      const main = new DOMParser().parseFromString(text, "text/html").querySelector("#main .wide");
      const close = document.createElement("form");
      close.method = "dialog";
      close.append(Object.assign(document.createElement("button"), { textContent: "✕", ariaLabel: main.querySelector("[data-close]").dataset.close }));
      help.append(close, ...main.childNodes);
      help.addEventListener("close", () => { help.remove(); link.focus(); });
      document.body.append(help);
      help.showModal();
    }).catch(() => { location.href = link.href; });
  });

  // A query is checked while it is written, never what is being composed; results change on Enter.
  const query = document.querySelector("[data-check]");
  let pause, latest = 0;
  const check = async () => {
    const mine = ++latest;
    try {
      const answer = await fetch(`${query.dataset.check}?q=${encodeURIComponent(query.value)}`, { headers: { "HX-Request": "true" } });
      const text = await answer.text();
      if (mine !== latest || answer.status >= 500) return;
      document.querySelector("#checked").innerHTML = text;
      query.setAttribute("aria-invalid", text.includes('class="note bad"'));
    } catch { /* without a connection it is checked when it is asked */ }
  };
  query?.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (!event.isComposing) pause = setTimeout(check, 400);
  });
  query?.addEventListener("compositionend", () => { clearTimeout(pause); pause = setTimeout(check, 400); });

  // What takes a while says so in its button, and is not begun twice.
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-busy]");
    if (!button) return;
    if (button.getAttribute("aria-disabled")) return void event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
  });

  // This browser becomes a channel (Web Push), where it can, and where somebody asks for it.
  const push = document.querySelector("[data-push]");
  const pushable = async () => {
    const asked = await fetch(push.dataset.key, { method: "POST", body: new FormData(push) });
    if (!asked.ok) throw new Error(asked.status);
    const { key } = await asked.json();
    await navigator.serviceWorker.register(push.dataset.push, { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const how = { userVisibleOnly: true, applicationServerKey: key };
    const made = await pushManager.subscribe(how).catch(async (error) => {
      if (error.name !== "InvalidStateError") throw error;  // it was asked with a key of ours that is gone
      await (await pushManager.getSubscription()).unsubscribe();
      return pushManager.subscribe(how);
    });
    const { endpoint, keys } = made.toJSON();
    for (const [name, value] of Object.entries({ ...keys, endpoint, key })) if (push.elements[name]) push.elements[name].value = value;
    push.submit();
  };
  if (push && "PushManager" in window && navigator.serviceWorker) {
    push.parentElement.hidden = false;
    push.addEventListener("submit", (event) => {
      event.preventDefault();
      pushable().catch((error) => { push.querySelector("[role=status]").textContent = `${push.dataset.failed} ${error.message}`; });
    });
  }

  // What is new waits in the bar until it is asked for. Without this the bar is a link.
  const news = document.querySelector("#news"), troubled = document.querySelector("#in-trouble");
  const part = async (path) => {
    const where = `${path}?after=${news.dataset.after}&version=${news.dataset.version}&since=${encodeURIComponent(news.dataset.since)}&troubled=${troubled.dataset.count}`;
    const answer = await fetch(where, { headers: { "HX-Request": "true" } });
    if (answer.status >= 500) throw new Error(answer.status);
    return { status: answer.status, text: await answer.text() };
  };
  let said = news?.innerHTML, before = said, failures = 0, lostAt;
  const stated = (html) => {  // a row that was edited gets its word of state; its text stays as it is read
    const got = document.createElement("template");
    got.innerHTML = html;
    for (const each of got.content.querySelectorAll("[data-row]")) {
      const meta = document.getElementById(each.dataset.row)?.querySelector(".meta");
      meta?.querySelectorAll(".state").forEach((old) => old.remove());
      meta?.prepend(each.content);
      each.remove();
    }
    for (const each of got.content.querySelectorAll("[data-count]")) {
      troubled.replaceChildren(each.content);
      troubled.dataset.count = each.dataset.count;
      each.remove();
    }
    return got.innerHTML.trim();
  };
  const say = (html) => { if (html !== said) { said = html; news.innerHTML = html; } };
  const ask = async () => {
    if (document.hidden || !navigator.onLine) return;
    try {
      const { status, text } = await part(news.dataset.ask);
      failures = 0;
      say(status === 204 ? before : stated(text));
    } catch {
      lostAt = failures ? lostAt : new Date();
      const at = lostAt.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: news.dataset.zone });
      if (++failures === 3) say(`${news.dataset.lost} ${at}`);
    }
  };
  const show = async () => {
    const { status, text } = await part(news.dataset.rows);
    if (status !== 200) return say(text);
    const place = document.querySelector("#fresh");
    place.insertAdjacentHTML("afterbegin", text);
    const fresh = place.firstElementChild;
    news.dataset.after = fresh.dataset.newest;
    news.dataset.since = fresh.dataset.now;
    for (const row of fresh.querySelectorAll(".row")) document.querySelectorAll(`[id="${row.id}"]`).forEach((old) => old !== row && old.remove());
    say(before);
    go(fresh.querySelector(".row"));
  };
  // The stream says when to ask; where something between cuts it off, the bar is asked for all the same.
  let stream, soon;
  const listen = () => {
    stream?.close();
    if (document.hidden) return;  // a browser has few connections to a host: only the page in front keeps one
    stream = new EventSource(news.dataset.events);
    for (const kind of ["statement", "edit"]) stream.addEventListener(kind, () => { clearTimeout(soon); soon = setTimeout(ask, 300); });
  };
  if (news) {
    setInterval(ask, 20000);
    document.addEventListener("visibilitychange", listen);
    listen();
    news.addEventListener("click", (event) => {
      const link = event.target.closest("[data-show-new]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show().catch(() => { location.href = link.href; });
    });
  }
})();
