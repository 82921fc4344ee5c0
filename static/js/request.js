// Helps the request form over a bad connection. Everything works without it.
//
// While somebody types, a draft is kept in this tab's session storage: it ends with the tab, stays on this machine and is
// removed once the request is sent, at the latest on the private page that follows, which has this script too. What may
// tell of somebody's health is never in it, and a sentence beside the form says so. After a lost connection the same
// form is sent again, with the same key, so that the site recognises it if the first try arrived after all.
(() => {
  "use strict";

  const form = document.getElementById("request-form");
  const DRAFT = "request-draft";
  const PAUSES = [2, 5, 10, 20, 40];
  const hidden = new Set(["csrfmiddlewaretoken", "source", "landing", "last_page", "confirmed", "motto"]);
  // Words and choices that may tell of somebody's health, and the box that only goes with them.
  const health = new Set(["message", "best_time", "therapies", "agree_health"]);
  const left = new Set([...hidden, ...health]);
  const isFresh = !document.querySelector(".error-summary");
  let tries = 0;
  let waiting;
  let sending = false;

  const storage = {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(DRAFT));
      } catch {
        return null;
      }
    },
    write(draft) {
      try {
        sessionStorage.setItem(DRAFT, JSON.stringify(draft));
      } catch {
        // Storage may be full or forbidden: then there is no draft.
      }
    },
    clear() {
      try {
        sessionStorage.removeItem(DRAFT);
      } catch {
        // Nothing was kept.
      }
    },
  };

  if (!form) {
    // A private page: what was on its way has arrived. A draft that nobody sent stays.
    if (storage.read()?.sent) storage.clear();
    return;
  }

  document.getElementById("draft-note").hidden = false;
  const status = document.createElement("div");
  status.className = "draft";
  status.setAttribute("role", "status");
  form.prepend(status);

  function say(sentence, label, action) {
    const words = document.createElement("p");
    words.append(sentence);
    status.replaceChildren(words);
    if (label) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet";
      button.textContent = label;
      button.addEventListener("click", action);
      status.append(button);
    }
  }

  function answers() {
    return [...new FormData(form)].filter(([name]) => !left.has(name) && name !== "key");
  }

  function keep(sent) {
    storage.write({ answers: answers(), key: form.elements.key.value, sent });
  }

  function fill(draft) {
    for (const input of form.querySelectorAll("input, select, textarea")) {
      if (!input.name || left.has(input.name) || input.type === "hidden") continue;
      const values = draft.answers.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
    // A form that may have arrived is recognised by its key.
    if (draft.sent) form.elements.key.value = draft.key;
  }

  function typedSomething(draft) {
    return draft.answers.some(([name, value]) => name !== "contact_by" && value.trim() !== "");
  }

  async function send() {
    if (sending) return;
    clearTimeout(waiting);
    sending = true;
    keep(true);
    say("Sending…");
    let response;
    try {
      response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    } catch {
      sending = false;
      retryLater();
      return;
    }
    if (response.ok && response.redirected) {
      storage.clear();
      location.assign(response.url);
      return;
    }
    // There is something to read: let the browser fetch that page itself, by the same key.
    form.submit();
  }

  function retryLater() {
    const pause = PAUSES[tries];
    tries += 1;
    const next = pause ? ` We try again in ${pause} seconds.` : "";
    say(`The connection was lost, and we do not know whether your request arrived. Keep this page open: what you typed is still in it.${next}`, "Try again now", send);
    if (pause) waiting = setTimeout(send, pause * 1000);
  }

  const draft = storage.read();
  if (isFresh && draft?.answers && typedSomething(draft)) {
    fill(draft);
    say("We filled in what you typed before in this tab, but for your question and the time.", "Empty the form", () => {
      storage.clear();
      location.replace(form.action);
    });
  } else if (!isFresh) {
    keep(false);
  }

  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tries = 0;
    send();
  });
  addEventListener("online", () => {
    if (tries && !sending) send();
  });
})();
