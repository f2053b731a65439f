// Keeps the board fresh: asks for its live part and swaps it in when it differs. The page works without this file.
(() => {
  "use strict";
  const live = document.getElementById("live");
  if (!live) return;
  const CALM = 5000, LONGEST = 60000;
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
    const open = [...live.querySelectorAll("details[open]")].map((one) => one.id);
    live.replaceChildren(fresh);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    live.dataset.seen = seen;
    if (focused) document.getElementById(focused.id)?.focus({ preventScroll: true });
    if (tells !== said) requestAnimationFrame(() => { document.getElementById("news").textContent = tells; });
    const icon = document.getElementById("favicon");
    icon.href = icon.href.replace(/favicon-\w+\.svg/, `favicon-${trouble}.svg`).replace(/\?.*/, "");
    const needs = live.querySelectorAll("#column-needs .count, #column-risk .count");
    const [risk, need] = [...needs].map((count) => count.textContent.trim());
    document.title = trouble === "needs" ? `(${need}) ${need === "1" ? "needs" : "need"} you – Board – Backorder`
      : trouble === "risk" ? `(${risk}) at risk – Board – Backorder` : "Board – Backorder";
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
  setTimeout(look, pause);
})();
