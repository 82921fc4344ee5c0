// One button a row and one a column of the comparison grid: it fills empty cells with the cell that was in use last there, or
// with the first that is filled. A cell that holds something is never replaced, nothing is saved, and "Undo" empties again what
// was filled. Without this file every cell is typed.
(() => {
  "use strict";

  const grid = document.querySelector(".grid-form .grid");
  const said = document.querySelector(".grid-said");
  if (!grid || !said) return;
  let last;

  // What takes words in a cell: value, tone, evidence. None where it may not be changed.
  const inputs = (cell) => [...cell.querySelectorAll("input[type=text], select")];
  const valueOf = (cell) => inputs(cell)[0]?.value.trim() ?? "";
  const rows = [...grid.querySelectorAll("tbody tr:not(.group)")];
  const cells = rows.map((row) => [...row.querySelectorAll("td")]);

  const button = (words, name, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "fill";
    made.textContent = words;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", action);
    return made;
  };

  const set = (cell, values) => {
    inputs(cell).forEach((input, place) => {
      input.value = values[place];
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    cell.classList.toggle("filled", Boolean(valueOf(cell)));
  };

  const fill = (line, where, onlyBelow) => {
    const from = line.includes(last) && valueOf(last) ? last : line.find(valueOf);
    const free = line.slice(onlyBelow && from ? line.indexOf(from) : 0).filter((cell) => inputs(cell).length && !valueOf(cell));
    if (!from || !free.length) {
      said.replaceChildren(from ? `No cell is empty ${where}.` : `Type into a cell first: nothing is written ${where}.`);
      return;
    }
    const before = free.map((cell) => inputs(cell).map((input) => input.value));
    const values = inputs(from).map((input) => input.value);
    for (const cell of free) set(cell, values);
    said.replaceChildren(`“${values[0]}” was written into ${free.length} empty ${free.length === 1 ? "cell" : "cells"} ${where}. Nothing is saved yet. `);
    said.append(button("Undo", "Undo: empty these cells again", () => {
      free.forEach((cell, place) => set(cell, before[place]));
      said.replaceChildren("Those cells are empty again.");
      inputs(free[0])[0].focus();
    }));
  };

  said.textContent = "“Fill” writes the cell that you used last, or the first filled one, into the empty cells of its row or column.";
  grid.addEventListener("focusin", ({ target }) => {
    last = target.closest("td") ?? last;
  });
  rows.forEach((row, number) => {
    if (!cells[number].some((cell) => inputs(cell).length)) return;
    const head = row.querySelector("th");
    const name = head.firstChild.textContent.trim();
    head.append(button("Fill →", `Fill the empty cells of the row ${name}`, () => fill(cells[number], `in the row ${name}`, false)));
  });
  grid.querySelectorAll("thead th").forEach((head, place) => {
    const column = cells.map((row) => row[place - 1]).filter(Boolean);
    if (!column.some((cell) => inputs(cell).length)) return;
    const name = head.textContent.trim();
    head.append(button("Fill ↓", `Fill the empty cells of ${name} downwards`, () => fill(column, `below in ${name}`, true)));
  });
})();
