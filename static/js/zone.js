// Preselects the visitor's time zone in the list of zones. Everything works without it.
(() => {
  "use strict";

  const list = document.getElementById("zone");
  if (!list || list.value) return;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...list.options].some((option) => option.value === here)) list.value = here;
})();
