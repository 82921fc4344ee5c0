// Offers the pages of this site by name in the rich text editor's dialog for a link; whatever else is typed there stays possible.
"use strict";
{
  const address = document.currentScript.dataset.pages;
  const LIST = "pages-to-link-to";
  let asked;

  const list = async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const options = document.createElement("datalist");
    options.id = LIST;
    for (const { path, name } of (await answer.json()).pages) {
      const option = document.createElement("option");
      option.value = path;
      option.label = name;
      options.append(option);
    }
    document.body.append(options);
  };

  const offer = (input) => {
    asked ??= list();
    input.setAttribute("list", LIST);
    input.setAttribute("autocomplete", "off");
    const help = document.createElement("p");
    help.id = `${input.id}-help`;
    help.className = "prose-editor-help";
    help.textContent =
      "Type words of a page’s name to choose it, or paste an address. Links to our pages go on working when those get another address.";
    input.after(help);
    input.setAttribute("aria-describedby", help.id);
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    // The editor puts its dialogs beside the text, and takes them away again.
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          const input = node.querySelector?.('dialog input[name="href"]');
          if (input) offer(input);
        }
      }
    }).observe(editor.view.dom.parentElement, { childList: true });
  });
}
