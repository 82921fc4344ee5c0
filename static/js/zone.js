// Preselects the visitor's time zone in the list of zones and says how to see the times in it, or says that it is not
// on offer, such as Etc/GMT+6. Everything works without it.
(() => {
  "use strict";

  const list = document.getElementById("zone");
  const hint = document.getElementById("zone-hint");
  if (!list || list.value || new URLSearchParams(location.search).has("zone")) return;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Browsers still say Asia/Calcutta where the list says Kolkata.
  const names = (option) => [option.value, ...(option.dataset.also ?? "").split(" ")];
  const found = [...list.options].find((option) => option.value && names(option).includes(here));
  if (!found) {
    const unknown = document.getElementById("zone-unknown");
    if (here && unknown) unknown.hidden = false;
    return;
  }
  list.value = found.value;
  if (hint) hint.hidden = false;
})();
