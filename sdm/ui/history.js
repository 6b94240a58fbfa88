// One visit to a page, and one choice made by a click on it, is one entry of the browser's history.
// Streamlit would add more: the page left, without its choices or with those of the next; the page entered, before
// the choices that are put back on it; and a choice that is several values, once for each of them.
const ONE_CHOICE_MS = 500;

export default function () {
  if (window.oneEntryPerVisit) return;
  window.oneEntryPerVisit = true;
  const push = history.pushState.bind(history);
  const elsewhere = (address) => new URL(address, location.href).pathname !== location.pathname;
  let leaving = false, arriving = true, pushed = 0;
  const act = () => { arriving = false; };
  window.addEventListener("keydown", act, true);
  window.addEventListener("blur", act);  // to the map, which is a document of its own
  window.addEventListener("click", (event) => {
    act();
    const link = event.target.closest?.("a[href]");
    leaving = Boolean(link) && link.origin === location.origin && !link.target && elsewhere(link.href);
  }, true);
  history.pushState = (state, title, address) => {
    if (elsewhere(address)) {
      push(state, title, address);
      leaving = false;
      arriving = true;
    } else if (leaving) {
      return;
    } else if (arriving || performance.now() - pushed < ONE_CHOICE_MS) {
      history.replaceState(state, title, address);
    } else {
      push(state, title, address);
      pushed = performance.now();
    }
  };
}
