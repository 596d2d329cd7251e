// Tries a change of policies out while it is typed. The server decides and answers the third pane; without this script the buttons do it.
"use strict";
(() => {
  const form = document.getElementById("try");
  if (!form) return;
  const result = document.getElementById("result");
  const working = document.getElementById("working");
  const pause = 250; // ms without a key
  let waiting = 0;
  let asking = false;
  let again = false;

  const say = (text) => { working.textContent = text; };

  // One trial at a time: what was typed meanwhile is tried after it.
  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    say(form.dataset.working);
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "try");
    try {
      const answer = await fetch(form.dataset.part, { method: "POST", body: fields, redirect: "error", cache: "no-store" });
      if (!answer.ok) { say(form.dataset.lost); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!again) result.replaceChildren(...fresh.body.childNodes);
      say("");
      if (fresh.querySelector("[data-again]")) soon(1000);
    } catch {
      say(form.dataset.lost);
    } finally {
      asking = false;
      if (again) { again = false; ask(); }
    }
  };

  const soon = (after) => { clearTimeout(waiting); waiting = setTimeout(ask, after); };

  for (const area of form.querySelectorAll("textarea")) {
    area.addEventListener("input", () => {
      document.getElementById("matrix").replaceChildren(); // it was of what stood there before
      soon(pause);
    });
  }
  if (!result.querySelector(".verdict, .problem")) ask();
})();
