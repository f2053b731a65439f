// Keeps the board fresh, and gives the pages their keys. Everything works without this file.
(() => {
  "use strict";
  const CALM = 5000, LONGEST = 60000, OFF = "backorder-keys-off";
  const live = document.getElementById("live");
  let pause = CALM;

  function swap(html, seen, trouble) {
    const focused = document.activeElement && live.contains(document.activeElement) ? document.activeElement : null;
    // Never pull a control away from under someone's fingers: a link can be found again by its id, a button cannot.
    if (focused && !focused.id) return;
    const said = document.getElementById("news").textContent;
    const fresh = document.createRange().createContextualFragment(html);
    const news = fresh.getElementById("news");
    const tells = news.textContent;
    news.textContent = said;
    document.title = news.dataset.title;
    const open = [...live.querySelectorAll("details[open]")].map((one) => one.id);
    const picked = [...live.querySelectorAll(".pick:checked")].map((one) => one.id);
    live.replaceChildren(fresh);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    for (const id of picked) { const pick = document.getElementById(id); if (pick) pick.checked = true; }
    live.dataset.seen = seen;
    if (focused) document.getElementById(focused.id)?.focus({ preventScroll: true });
    if (tells !== said) requestAnimationFrame(() => { document.getElementById("news").textContent = tells; });
    const icon = document.getElementById("favicon");
    icon.href = icon.href.replace(/favicon-\w+\.svg/, `favicon-${trouble}.svg`).replace(/\?.*/, "");
  }

  async function look() {
    try {
      if (!document.hidden) {
        const answer = await fetch(`${live.dataset.live}&seen=${live.dataset.seen}`, { credentials: "same-origin" });
        if (answer.status === 401) { location.reload(); return; }
        if (answer.status === 200) swap(await answer.text(), answer.headers.get("X-Seen"), answer.headers.get("X-Trouble"));
        pause = answer.ok ? CALM : Math.min(pause * 2, LONGEST);
      }
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
    setTimeout(look, pause);
  }
  if (live) setTimeout(look, pause);

  // What is typed shows in its frame by itself. A new frame each time: the way back stays short.
  const show = document.querySelector("button[formtarget]");
  let typed = 0;
  show?.form.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      const old = document.querySelector(`iframe[name="${show.formTarget}"]`), fresh = old.cloneNode();
      fresh.removeAttribute("src");
      old.replaceWith(fresh);
      show.form.requestSubmit(show);
    }, 600);
  });

  // What needs another look is where one goes on.
  document.querySelector(":is(input, select, textarea)[aria-invalid], [aria-invalid] input")?.focus();

  // On a phone the pages are one line to swipe: it begins where one is.
  document.querySelector(".pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // Single keys can be switched off (WCAG 2.1.4). Where the browser keeps nothing for us, they stay on.
  const keys = document.getElementById("keys"), tick = document.getElementById("keys-on");
  if (!keys) return;
  function kept(change) {
    try { return change(localStorage); } catch { return null; }
  }
  tick.checked = kept((store) => store.getItem(OFF)) === null;
  tick.addEventListener("change", () => kept((store) => tick.checked ? store.removeItem(OFF) : store.setItem(OFF, "1")));

  function step(by) {
    const orders = [...document.querySelectorAll("a.order, tbody th > a")].filter((one) => one.checkVisibility());
    const here = orders.indexOf(document.activeElement);
    const next = orders[here < 0 ? (by > 0 ? 0 : orders.length - 1) : Math.min(Math.max(here + by, 0), orders.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  function pick() {
    const near = document.activeElement?.closest("li, tr")?.querySelector(".pick");
    if (near) near.checked = !near.checked;
  }
  const DOES = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => { keys.open = !keys.open; keys.querySelector("summary").focus(); },
    j: () => step(1), k: () => step(-1), x: pick,
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (!tick.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = Date.now() < going ? keys.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
    going = event.key === "g" ? Date.now() + 1500 : 0;
    if (place) place.click();
    else if (DOES[event.key]) DOES[event.key]();
    else return;
    event.preventDefault();
  });
})();
