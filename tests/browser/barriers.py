"""What keeps people from using a page, by axe-core."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

FADED_MS = 2500
# What is being drawn anew is faded, which a busy machine shows for long.
AT_REST = "[data-stale] { opacity: 1 !important; transition: none !important; }"
# Only the rules of grave impact, of those that axe runs by itself: the others' findings would be thrown away, and
# take as long again. An impact is a property of the rule.
GRAVE = """async () => {
  const { rules, tagExclude } = axe._audit;
  const grave = rules.filter(rule => rule.enabled && ["serious", "critical"].includes(rule.impact)
    && !rule.tags.some(tag => tagExclude.includes(tag)));
  const runOnly = { type: "rule", values: grave.map(rule => rule.id) };
  const asked = { resultTypes: ["violations"], preload: false, runOnly };
  const { violations } = await axe.run(document, asked);
  return [grave.length, violations.flatMap(({ id, nodes }) =>
    nodes.map(node => [id, node.html.slice(0, 160), node.failureSummary.slice(0, 300)]))];
}"""
LEAST_RULES = 50


def grave_barriers(page: Page) -> list[tuple[str, str, str]]:
    """Rule, element and failure of each grave violation that lasts: what is drawn anew fades for a moment."""
    page.add_style_tag(content=AT_REST)
    found = _grave(page)
    if found:
        page.wait_for_timeout(FADED_MS)
        found = _grave(page)
    return found


def _grave(page: Page) -> list[tuple[str, str, str]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules, found = page.evaluate(GRAVE)
    assert rules >= LEAST_RULES
    return [tuple(one) for one in found]
