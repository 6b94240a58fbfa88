"""When a page has done all that it was asked for: no fixed time, but what the page itself tells of it.

A choice is answered by a run of the script, which begins when the server has heard of it: until then the page
looks as if nothing were to come. What is sent and received is therefore watched from the first moment on.
"""

from __future__ import annotations

from itertools import count

from playwright.sync_api import BrowserContext, Page

QUIET_MS = 250  # longer than a slider waits before it reports, and than a chart's script needs from a warm cache
BRIEF_MS = 60  # of rest, where no timer is about to end that: a slider's report would be one
PATIENCE_MS = 60_000  # of a busy machine
_NUMBERS = count(1)  # of the waits: each begins its moment of rest anew
# Streamlit's messages, by the number of their field: 11 asks for a run; 4 says that one begins, 6 that one has
# ended, with 2 where another takes its place. Fields 1 and 2 come before any other.
WATCH = """(() => {
  const { setTimeout, clearTimeout } = window, timers = window.timers = new Set();
  window.setTimeout = (work, wait, ...given) => {
    const timer = setTimeout(() => { timers.delete(timer); work(...given); }, wait);
    if (!(wait > 500)) timers.add(timer);
    return timer;
  };
  window.clearTimeout = timer => { timers.delete(timer); clearTimeout(timer); };
  if (window.top !== window) return;
  const watch = window.watch = { due: true, begun: false, changed: performance.now() };
  const receive = bytes => {
    let at = 0;
    const number = () => {
      let value = 0, shift = 0, byte;
      do { byte = bytes[at++]; value += (byte & 127) * 2 ** shift; shift += 7; } while (byte & 128);
      return value;
    };
    for (let field = number(); at < bytes.length; field = number()) {
      if (field >> 3 === 4) watch.begun = true;
      if (field >> 3 === 6 && number() !== 2 && watch.begun) watch.due = false;
      if (field >> 3 > 2) return;
      const length = number();
      at += length;
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", event => receive(new Uint8Array(event.data)));
    }
    send(data) {
      if (new Uint8Array(data)[0] >> 3 === 11) { watch.due = true; watch.begun = false; }
      super.send(data);
    }
  };
  const change = () => { watch.changed = performance.now(); };
  new MutationObserver(change).observe(
    document, { subtree: true, childList: true, attributes: true, characterData: true });
})()"""
SETTLED = """([quiet, brief, number]) => {
  const expected = [window, ...Array.from(window, frame => frame)].some(one => one.timers?.size);
  const none = query => !document.querySelector(query);
  if (watch.number !== number) { watch.number = number; watch.changed = performance.now(); }  // what was just done
  return !watch.due && performance.now() - watch.changed > (expected ? quiet : brief)
    && document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && none("[data-stale=true], [data-testid=stSkeleton], [data-testid=stPlotlyChart]:not(:has(.main-svg))")
    && none(".st-key-below");  // what is drawn once the first screen stands
}"""


def watch(context: BrowserContext) -> None:
    """Watch every page of `context` from now on."""
    context.add_init_script(WATCH)


def settled_page(page: Page) -> None:
    """Wait until every run asked for has ended, nothing on screen is faded because it is being drawn anew, every
    chart is drawn, and the page has been at rest for a moment after that: a longer one while a timer of the page
    or of a frame in it is about to end."""
    arguments = [QUIET_MS, BRIEF_MS, next(_NUMBERS)]
    page.wait_for_function(SETTLED, arg=arguments, timeout=PATIENCE_MS, polling=50)
