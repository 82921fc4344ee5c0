// Tells the clinic which page a visit began with. Everything works without it.
//
// The first and the last page, with the campaign named in the address, are kept in this tab's session storage: they end
// with the tab and leave this machine only inside a request form that the visitor sends.
(() => {
  "use strict";

  // A page's path and campaign; "" for a page elsewhere, and for private pages, whose address is a key.
  const pageOf = (address) => {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin || /^\/(consultation|admin)\//.test(url.pathname)) return "";
    const campaign = [...url.searchParams].filter(([name]) => /^utm_(source|medium|campaign)$/.test(name));
    const query = new URLSearchParams(campaign).toString();
    return (url.pathname + (query && `?${query}`)).slice(0, 400);
  };

  const fill = (name, value) => {
    const input = document.querySelector(`#request-form input[name="${name}"]`);
    if (input && !input.value) input.value = value;
  };

  try {
    const here = pageOf(location.href);
    // A page without this script may have been the first one.
    const before = document.referrer ? pageOf(document.referrer) : "";
    const landing = sessionStorage.getItem("landing") || before || here;
    if (landing) sessionStorage.setItem("landing", landing);
    if (here) sessionStorage.setItem("last-page", here);
    fill("landing", landing);
    fill("last_page", before || sessionStorage.getItem("last-page") || "");
  } catch {
    // Storage may be forbidden: then only the link that was followed tells where somebody came from.
  }
})();
