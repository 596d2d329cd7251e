// Keeps a page fresh: when the gateway says that something changed, the page is asked for again and its parts marked data-live are
// replaced. Without this script everything works; a page then shows what was so when it was loaded, and says when that was.
"use strict";
(() => {
  const pulse = document.getElementById("pulse");
  const state = pulse.querySelector(".pulse-state");
  let asking = false;
  let again = false;

  const lost = () => {
    pulse.classList.add("lost");
    state.textContent = pulse.dataset.lost;
  };

  // Where the keyboard was, as far as it can be found again after a part was replaced.
  const focused = (part) => {
    const at = document.activeElement;
    if (!at || !part.contains(at)) return null;
    return at.id ? `#${CSS.escape(at.id)}` : at.getAttribute("href") ? `a[href="${CSS.escape(at.getAttribute("href"))}"]` : null;
  };

  const replace = (part, fresh) => {
    if (part.innerHTML === fresh.innerHTML) return;
    if (part.querySelector("details[open]") || part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
    const at = focused(part);
    part.replaceChildren(...fresh.childNodes);
    if (at) part.querySelector(at)?.focus({ preventScroll: true });
  };

  const look = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Zhengqiao-Live": "1" }, redirect: "error", cache: "no-store" });
      if (!answer.ok) { lost(); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const other = fresh.getElementById(part.id);
        if (other) replace(part, other);
      }
      pulse.querySelector("time").replaceWith(fresh.querySelector("#pulse time"));
      pulse.classList.remove("lost");
      pulse.classList.add("on");
      state.textContent = pulse.dataset.liveText;
    } catch {
      lost();
    } finally {
      asking = false;
      if (again) { again = false; look(); }
    }
  };

  const onward = document.querySelector("[data-onward]");
  if (onward) { location.replace(onward.href); return; }
  if (!document.querySelector("[data-live]")) return;
  let first = true;
  const news = new EventSource("/events");
  news.onmessage = () => {
    if (first) { first = false; pulse.classList.add("on"); state.textContent = pulse.dataset.liveText; return; }
    look();
  };
  news.onerror = lost;
})();
