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
  let next = ""; // the button that was pressed meanwhile

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
      onward();
    }
  };

  const onward = () => {
    if (next) runNext();
    else if (again) { again = false; ask(); }
  };

  const soon = (after) => { clearTimeout(waiting); waiting = setTimeout(ask, after); };

  for (const area of form.querySelectorAll("textarea")) {
    area.addEventListener("input", () => {
      document.getElementById("matrix").replaceChildren(); // it was of what stood there before
      soon(pause);
    });
  }

  // What takes seconds shows how far it is. Its answer is a page of its own only where this script is missing.
  const wide = async (what) => {
    const matrix = document.getElementById("matrix");
    const follow = setInterval(async () => {
      try {
        const answer = await fetch(form.dataset.progress, { redirect: "error", cache: "no-store" });
        if (answer.ok) say(`${form.dataset.working} ${(await answer.text()).trim()}`);
      } catch { /* the answer itself will say that the connection is lost */ }
    }, 1000);
    try {
      const fields = new URLSearchParams(new FormData(form));
      fields.set("do", what);
      const answer = await fetch(form.dataset.part, { method: "POST", body: fields, redirect: "error", cache: "no-store" });
      if (!answer.ok) return form.dataset.lost;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      matrix.replaceChildren(...fresh.body.childNodes);
      return "";
    } catch {
      return form.dataset.lost;
    } finally {
      clearInterval(follow);
    }
  };

  // One trial at a time: what is asked for meanwhile comes next, before what was typed.
  const runNext = async () => {
    const what = next;
    next = "";
    asking = true;
    clearTimeout(waiting);
    say(form.dataset.working);
    say(await wide(what));
    asking = false;
    if (document.querySelector("#matrix [data-again]")) { // another trial is just ending
      next = next || what;
      setTimeout(onward, 1000);
      return;
    }
    onward();
  };

  form.addEventListener("submit", (event) => {
    const what = event.submitter?.value;
    if (what !== "tests" && what !== "impact") return;
    event.preventDefault();
    next = what;
    if (!asking) runNext();
  });

  if (!result.querySelector(".verdict, .problem")) ask();
})();
