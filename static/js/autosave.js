// Keeps the words of a draft on the server while somebody writes: some seconds after a change, and when the tab is left.
// What is kept is nobody's draft yet; after a crash it is offered on the draft's page. Without this script nothing is kept.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 5000;
  const AGAIN = 20000;
  // What browsers still send for a page that is gone.
  const LONGEST_FAREWELL = 60000;

  const said = document.querySelector("[data-keep]");
  if (!said) return;
  const form = said.closest("form");
  // Without the number under which it is kept, which changes with every answer.
  const wordsOf = (body) => [...body].filter(([name]) => name !== "kept").toString();
  let last = wordsOf(new FormData(form));
  let changed = false;
  let busy = false;
  let refused = false;
  let timer = 0;

  const tell = (told) => {
    said.textContent = told;
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };

  async function keep(farewell = false) {
    if (!changed || busy || refused) return;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    const words = wordsOf(body);
    // Widgets tell of changes as they set themselves up.
    if (words === last) return;
    busy = true;
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const keepalive = farewell && body.toString().length < LONGEST_FAREWELL;
    try {
      const answer = await fetch(said.dataset.keep, { method: "POST", body, headers, keepalive, redirect: "error" });
      if (answer.ok || answer.status === 409) {
        const { said: told, kept } = await answer.json();
        if (kept) form.elements.kept.value = kept;
        refused = !kept;
        last = words;
        tell(told);
      } else {
        changed = true;
        tell("Not kept: the site did not take it. Save before you leave this page.");
      }
    } catch {
      changed = true;
      tell("Not kept: no connection, or you were logged out. It is tried again.");
    }
    busy = false;
    if (changed) later(AGAIN);
  }

  const touched = () => {
    changed = true;
    later(PAUSE);
  };

  // Choices with a search of their own tell jQuery alone.
  django.jQuery(form).on("input change", touched);
  document.addEventListener("formset:added", touched);
  document.addEventListener("formset:removed", touched);
  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => editor.on("update", touched));
  // Saving sends the words itself.
  form.addEventListener("submit", () => {
    refused = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(true);
  });
  window.addEventListener("pagehide", () => keep(true));
});
