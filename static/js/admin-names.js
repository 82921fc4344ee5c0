// Choices with a search (Select2) lose their field's name while nothing is chosen: this gives it back.
"use strict";
{
  let count = 0;
  const name = () => {
    for (const box of document.querySelectorAll(".select2-selection[role=combobox]:not([data-named])")) {
      const select = box.closest(".select2-container").previousElementSibling;
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`) ?? select;
      // Ids of our own: rows that are added or removed renumber the ids that Django made.
      if (label !== select) label.id = `choice-label-${(count += 1)}`;
      box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby")}`);
      box.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
      box.dataset.named = "";
    }
  };
  // After those that Django's own scripts left for when the page is ready: they make the choices.
  addEventListener("load", () => django.jQuery(name));
  document.addEventListener("formset:added", () => setTimeout(name));
}
