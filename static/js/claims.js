// Reads words while they are typed: shortly after the last letter the server is asked what it finds in them, and the
// answer stands below the field. Typing never waits. Without this script the same is said when the form is saved.
"use strict";
{
  const PAUSE = 800;
  const LABELS = { block: "Not allowed", warn: "Look again", hint: "Hint" };

  function draw(field, findings) {
    const holder = field.closest(".form-row, td, .fieldBox") || field.parentElement;
    let list = holder.querySelector("ul.claims-now");
    if (!list) {
      list = document.createElement("ul");
      list.className = "claims claims-now";
      list.setAttribute("role", "status");
      holder.append(list);
    }
    list.replaceChildren(
      ...findings.map((finding) => {
        const item = document.createElement("li");
        const label = document.createElement("b");
        label.textContent = `${LABELS[finding.severity]}: `;
        const better = finding.wording ? ` Better: ${finding.wording}` : "";
        const source = document.createElement("small");
        source.textContent = ` ${finding.source}`;
        item.append(label, `“${finding.sentence.trim()}”: ${finding.reason}${better}`, source);
        return item;
      }),
    );
  }

  // Rich text by the hidden field that keeps it.
  const editors = new WeakMap();
  const turns = new WeakMap();

  async function ask(field, turn) {
    const form = field.closest("form");
    const token = form && form.querySelector("[name=csrfmiddlewaretoken]");
    if (!token) return;
    const editor = editors.get(field);
    const body = new URLSearchParams({ text: editor ? editor.getHTML() : field.value });
    // On the page of a therapy every sentence is about it.
    const slug = form.id === "therapy_form" && form.querySelector("#id_slug");
    if (slug) body.set("therapy", slug.value);
    const headers = { "X-CSRFToken": token.value };
    try {
      const response = await fetch(field.dataset.claims, { method: "POST", body, headers, credentials: "same-origin" });
      const answer = response.ok ? await response.json() : { findings: [] };
      // An answer to older words says nothing of those that stand there now.
      if (turn === turns.get(field)) draw(field, answer.findings);
    } catch {
      // No answer: saving reads the words again.
    }
  }

  function later(field) {
    const turn = (turns.get(field) || 0) + 1;
    turns.set(field, turn);
    setTimeout(() => {
      if (turn === turns.get(field)) ask(field, turn);
    }, PAUSE);
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-claims]")) later(target);
  });

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    if (!textarea.matches("[data-claims]")) return;
    editors.set(textarea, editor);
    editor.on("update", () => later(textarea));
  });
}
