// Keeps a page fresh: when the gateway says that something changed, the page is asked for again and its parts marked data-live are
// replaced. A page that nobody sees asks for nothing: browsers give a server few connections, which all its pages share. Without this
// script everything works; a page then shows what was so when it was loaded, and says when that was.
"use strict";
(() => {
  const pulse = document.getElementById("pulse");
  const state = pulse.querySelector(".pulse-state");
  const retry = 30000; // milliseconds until a page without a place asks for one again
  let asking = false;
  let again = false;
  let news = null; // the stream, while there is one
  let waiting = 0; // the timer of the next try for one

  // What the header says of the page: on, lost, busy (no place for a stream) or waits (somebody writes in a part).
  const say = (how) => {
    for (const one of ["on", "lost"]) pulse.classList.toggle(one, one === how);
    state.textContent = pulse.dataset[how === "on" ? "now" : how]; // html/template takes data-on for a script's
  };

  // Where the keyboard was, as far as it can be found again after a part was replaced.
  const focused = (part) => {
    const at = document.activeElement;
    if (!at || !part.contains(at)) return null;
    if (at.id) return () => document.getElementById(at.id);
    const selector = at.getAttribute("href") ? `a[href="${CSS.escape(at.getAttribute("href"))}"]` : at.localName;
    const place = [...part.querySelectorAll(selector)].indexOf(at);
    return () => part.querySelectorAll(selector)[place];
  };

  // What the visitor opened and closed stays so.
  const unfold = (part, fresh) => {
    const now = part.querySelectorAll("details");
    fresh.querySelectorAll("details").forEach((one, i) => { if (now[i]) one.open = now[i].open; });
  };

  // replace reports whether the part shows what is so now: where somebody writes, nothing is taken from under his hands.
  const replace = (part, fresh) => {
    unfold(part, fresh);
    if (part.innerHTML === fresh.innerHTML) return true;
    if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return false;
    const at = focused(part);
    part.replaceChildren(...fresh.childNodes);
    if (at) at()?.focus({ preventScroll: true });
    return true;
  };

  // put takes a page over. Without a stream it was answered all the same: there is no place, and it is tried again later.
  const put = (fresh) => {
    let whole = true;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other && !replace(part, other)) whole = false;
    }
    if (whole) pulse.querySelector("time").replaceWith(fresh.querySelector("#pulse time"));
    say(whole ? news ? "on" : "busy" : "waits");
    if (!news && !waiting) waiting = setTimeout(listen, retry, false);
  };

  const look = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Zhengqiao-Live": "1" }, redirect: "error", cache: "no-store" });
      if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else say("lost");
    } catch {
      say("lost");
    } finally {
      asking = false;
      if (again) { again = false; look(); }
    }
  };

  const close = () => {
    clearTimeout(waiting);
    waiting = 0;
    news?.close();
    news = null;
  };

  // listen opens the stream anew. Its first message says no more than that it is open: to a page that was just loaded, nothing new.
  const listen = (fresh) => {
    close();
    if (document.visibilityState === "hidden") return;
    news = new EventSource("/events");
    news.onmessage = () => {
      if (fresh) { fresh = false; say("on"); } else look();
    };
    news.onerror = () => {
      if (news.readyState !== EventSource.CLOSED) { say("lost"); return; } // the browser tries again by itself
      close(); // refused: the page's own answer tells whether for want of a place
      look();
    };
  };

  const onward = document.querySelector("[data-onward]");
  if (onward) { location.replace(onward.href); return; }
  if (!document.querySelector("[data-live]")) return;
  document.addEventListener("visibilitychange", () => {
    listen(false); // which only closes it where nobody looks
  });
  listen(true);
})();
