// The sections of an article as an outline above them: a link to each, and buttons that move it up and down.
// They write the numbers by which the form orders its sections; without this script those are typed.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const STEP = 10;
  const group = document.getElementById("sections-group");
  if (!group || !group.querySelector('input[name$="-position"]')) return;

  const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
  const place = (row) => Number(input(row, "position").value || Infinity);
  const input = (row, name) => row.querySelector(`input[name$="-${name}"]`);

  const outline = document.createElement("nav");
  outline.className = "outline";
  outline.setAttribute("aria-label", "Outline of the sections");
  const list = document.createElement("ol");
  const told = document.createElement("p");
  told.className = "help";
  told.setAttribute("role", "status");
  outline.append(list, told);
  group.querySelector("h2").after(outline);

  function move(row, by) {
    const all = rows();
    const to = all.indexOf(row) + by;
    if (by < 0) all[to].before(row);
    else all[to].after(row);
    rows().forEach((each, number) => {
      input(each, "position").value = (number + 1) * STEP;
    });
    input(row, "position").dispatchEvent(new Event("change", { bubbles: true }));
    draw();
    told.textContent = `“${input(row, "heading").value}” is section ${to + 1} of ${all.length} now. Save to keep the order.`;
    const [up, down] = list.children[to].querySelectorAll("button");
    const same = by < 0 ? up : down;
    (same.disabled ? (by < 0 ? down : up) : same).focus();
  }

  function button(row, heading, words, by, disabled) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.disabled = disabled;
    made.setAttribute("aria-label", `${words}: ${heading}`);
    made.addEventListener("click", () => move(row, by));
    return made;
  }

  function draw() {
    const all = rows();
    list.replaceChildren(
      ...all.map((row, number) => {
        const heading = input(row, "heading").value || "New section";
        const link = document.createElement("a");
        link.href = `#${row.id}`;
        link.textContent = heading;
        link.addEventListener("click", () => {
          row.querySelector("details").open = true;
        });
        const item = document.createElement("li");
        const up = button(row, heading, "Up", -1, number === 0);
        const down = button(row, heading, "Down", 1, number === all.length - 1);
        item.append(link, " ", up, " ", down);
        return item;
      }),
    );
    outline.hidden = all.length < 2;
  }

  // Words that were kept or refused come back with their numbers, in the order of before.
  const empty = group.querySelector(".empty-form");
  const numbered = rows();
  if (empty && numbered.some((row, number) => number && place(row) < place(numbered[number - 1]))) {
    empty.before(...numbered.sort((one, other) => place(one) - place(other)));
  }
  group.addEventListener("input", ({ target }) => {
    if (target.matches('input[name$="-heading"]')) draw();
  });
  document.addEventListener("formset:added", draw);
  document.addEventListener("formset:removed", draw);
  draw();
});
