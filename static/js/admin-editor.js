// Gives each rich text editor the name and the help of the field it stands for; without it a screen reader says "edit text".
"use strict";
{
  let count = 0;
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
    const surface = editor.view.dom;
    if (!label) return;
    // An id of its own: rows that are added or removed renumber the ids that Django made.
    label.id = `rich-text-label-${(count += 1)}`;
    surface.setAttribute("aria-labelledby", label.id);
    const help = textarea.getAttribute("aria-describedby");
    if (help) surface.setAttribute("aria-describedby", help);
    label.addEventListener("click", () => editor.commands.focus());
  });
}
