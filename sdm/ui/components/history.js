// One visit to a page, and one choice made there, is one entry of the browser's history.
// Streamlit would add more: the page left, without its choices or with those of the next; the page entered, before
// the choices that are put back on it; and a choice that is several values, once for each of them. And it would add
// fewer: what is chosen in a box of the page itself takes the place of what was chosen before.
export default function () {
  if (window.oneEntryPerVisit) return;
  window.oneEntryPerVisit = true;
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
  const at = (address) => new URL(address ?? location.href, location.href);
  const local = (url) => url.pathname + url.search + url.hash;
  const elsewhere = (address) => at(address).pathname !== location.pathname;
  const withView = (address) => {  // the map writes its view into the address by itself: the script does not know it
    const view = at().searchParams.get("map_view"), next = at(address);
    if (!view || elsewhere(address) || next.searchParams.has("map_view")) return address;
    next.searchParams.set("map_view", view);
    return local(next);
  };
  // What was chosen and has no run of its own yet. An earlier run that ends meanwhile writes an address without it.
  const chosen = new Map();
  const remember = (address) => {
    const before = at().searchParams, next = at(address).searchParams;
    for (const key of new Set([...before.keys(), ...next.keys()])) {
      const values = next.getAll(key);
      if (values.join("\n") !== before.getAll(key).join("\n")) chosen.set(key, values);
    }
  };
  const withChosen = (address) => {
    const next = at(address);
    for (const [key, values] of chosen) {
      const [first, ...more] = values;  // at its place, where it has one
      if (values.length) next.searchParams.set(key, first);
      else next.searchParams.delete(key);
      for (const value of more) next.searchParams.append(key, value);
    }
    return local(next);
  };
  const sliding = () => document.activeElement?.matches("input[type=range], [role=slider]");  // values on the way
  let leaving = false, arriving = true, answering = false, started = false;
  const act = () => { arriving = answering = window.cameByHistory = false; };
  window.addEventListener("keydown", act, true);
  window.addEventListener("blur", act);  // to the map, which is a document of its own
  window.addEventListener("popstate", () => {
    arriving = window.cameByHistory = true;  // the map asks for it
    chosen.clear();
  });
  // Streamlit writes a link to the first page, which has no name, as "?survey=1": that is the page it stands on.
  const toFirstPage = (event) => {
    const link = event.target.closest?.("[data-testid=stPageLink-NavLink][href^='?']");
    link?.setAttribute("href", `./${link.getAttribute("href")}`);
  };
  for (const kind of ["pointerover", "focusin"]) window.addEventListener(kind, toFirstPage, true);
  window.addEventListener("click", (event) => {
    act();
    toFirstPage(event);
    const link = event.target.closest?.("a[href]");
    leaving = Boolean(link) && link.origin === location.origin && !link.target && elsewhere(link.href);
  }, true);
  // A choice lasts until the script has answered it: what that adds to the address belongs to the same entry. The
  // end of a run that began before the choice is no answer to it.
  new MutationObserver((changes) => {
    const state = changes.at(-1).target.dataset.testScriptState, idle = state === "notRunning";
    const ran = changes.length > 1;  // began and ended
    if (idle && (started || ran)) answering = false;
    if (!idle) started = true;
    if (state === "running" || (idle && ran)) chosen.clear();
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
  history.pushState = (state, title, written) => {  // by the script
    const address = withView(elsewhere(written) ? written : withChosen(written));
    if (elsewhere(address)) {
      push(state, title, address);
      chosen.clear();
      leaving = answering = false;
      arriving = true;
    } else if (!leaving) {
      (arriving || answering || chosen.size ? replace : push)(state, title, address);
      answering = started = true;
    }
  };
  history.replaceState = (state, title, written) => {  // by a box that is linked to the address
    const address = withView(written);
    if ((!arriving || sliding()) && !elsewhere(address)) remember(address);  // a drag writes before its click
    const choice = !arriving && !leaving && !sliding() && at(address).search !== location.search;
    (choice ? push : replace)(state, title, address);
    if (choice) [answering, started] = [true, false];
  };
}
