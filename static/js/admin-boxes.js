// Django's two boxes of choices name the icon of their search on an element that may have no name: as an image it may.
"use strict";
// After Django's own script, which makes the boxes when the page has loaded.
addEventListener("load", () => setTimeout(() => {
  for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
}));
