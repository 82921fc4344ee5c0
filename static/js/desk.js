// Keys of the desk: j and k go down and up the list, Enter opens, / searches, n leads to the next request due. Whatever
// they do is a link or a button of the page as well. Nothing happens while somebody types.
(() => {
  "use strict";

  // The form that was refused may stand far below what the page says of it at its top.
  document.querySelector(".refused")?.focus();

  // What came in is told in UTC; here on the reader's own clock, and on that of the center where it shows something else.
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const two = (number) => String(number).padStart(2, "0");
  const city = Intl.DateTimeFormat().resolvedOptions().timeZone?.split("/").pop().replaceAll("_", " ");
  const head = document.querySelector("#result_list .column-received .text :is(a, span)");
  if (head && city && city !== "UTC") {
    head.textContent = head.textContent.replace("UTC", city);
    for (const time of document.querySelectorAll("#result_list .field-received time")) {
      const at = new Date(time.dateTime);
      time.title = `${time.textContent} UTC`;
      time.textContent =
        `${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}, ${two(at.getHours())}:${two(at.getMinutes())}`;
      const there = time.parentElement.querySelector("[data-away]");
      if (there) there.hidden = Number(there.dataset.away) === -at.getTimezoneOffset();
    }
  }

  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("#result_list tbody .field-visitor a")];

  const step = (by) => {
    const links = rows();
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
    links[next].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "/") document.getElementById("searchbar")?.focus();
    else if (event.key === "n") document.querySelector("[data-key=n]")?.click();
    else return;
    event.preventDefault();
  });
})();
