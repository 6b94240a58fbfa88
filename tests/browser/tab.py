"""A tab of the browser that many tests share, each as a visitor without a past."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Dialog, Page, Request

from sdm.ui.components.tour import COOKIE
from tests.browser.settling import watch

HERE = "http://127.0.0.1:"
PATIENCE = 60_000  # of a busy machine, in milliseconds


@dataclass
class Watched:
    """A tab, and what must not happen in it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """Note what leaves this machine."""
        if not request.url.startswith((HERE, "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def dialog(self, dialog: Dialog) -> None:
        """Note what opens."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def require_nothing_outside(self) -> None:
        """Nothing has left this machine and no dialog has opened since this was last asked."""
        outside, dialogs = self.outside.copy(), self.dialogs.copy()
        self.outside.clear()
        self.dialogs.clear()
        assert outside == []
        assert dialogs == []

    def forget(self) -> None:
        """Leave the page; nothing of it stays."""
        if self.page.url.startswith(HERE):
            self.page.evaluate("sessionStorage.clear(); localStorage.clear()")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        session = self.page.context.new_cdp_session(self.page)
        session.send("Page.resetNavigationHistory")
        session.detach()


def open_tab(browser: Browser, size: dict[str, int], agent: str | None = None) -> Watched:
    """A tab with nothing in it."""
    context = browser.new_context(viewport=size, user_agent=agent, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    watch(context)
    watched = Watched(context.new_page())
    watched.page.on("request", watched.request)
    watched.page.on("dialog", watched.dialog)
    return watched


def seen(page: Page) -> None:
    """Remember that the tour was seen."""
    page.context.add_cookies([{"name": COOKIE, "value": "seen", "domain": "127.0.0.1", "path": "/"}])
