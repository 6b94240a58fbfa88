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
  // An earlier run that ends while a choice waits for its own writes an address without that choice.
  const waiting = () => Boolean(document.querySelector("[data-test-script-state=rerunRequested]"));
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
      next.searchParams.delete(key);
      for (const value of values) next.searchParams.append(key, value);
    }
    return local(next);
  };
  const sliding = () => document.activeElement?.matches("input[type=range], [role=slider]");  // values on the way
  let leaving = false, arriving = true, answering = false, started = false;
  const act = () => { arriving = answering = window.cameByHistory = false; };
  window.addEventListener("keydown", act, true);
  window.addEventListener("blur", act);  // to the map, which is a document of its own
  window.addEventListener("popstate", () => { arriving = window.cameByHistory = true; });  // the map asks for it
  window.addEventListener("click", (event) => {
    act();
    const link = event.target.closest?.("a[href]");
    leaving = Boolean(link) && link.origin === location.origin && !link.target && elsewhere(link.href);
  }, true);
  // A choice lasts until the script has answered it: what that adds to the address belongs to the same entry. The
  // end of a run that began before the choice is no answer to it.
  new MutationObserver((changes) => {
    const idle = changes.some((change) => change.target.dataset.testScriptState === "notRunning");
    if (idle && (started || changes.length > 1)) answering = false;
    if (!idle) started = true;
    if (!waiting()) chosen.clear();
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
  history.pushState = (state, title, written) => {  // by the script
    const address = withView(waiting() && !elsewhere(written) ? withChosen(written) : written);
    if (elsewhere(address)) {
      push(state, title, address);
      leaving = answering = false;
      arriving = true;
    } else if (!leaving) {
      (arriving || answering || waiting() ? replace : push)(state, title, address);
      answering = started = true;
    }
  };
  history.replaceState = (state, title, written) => {  // by a box that is linked to the address
    const address = withView(written);
    if (!elsewhere(address)) remember(address);
    const choice = !arriving && !leaving && !sliding() && at(address).search !== location.search;
    (choice ? push : replace)(state, title, address);
    if (choice) [answering, started] = [true, false];
  };
}
