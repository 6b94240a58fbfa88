// On a narrow screen what a tap has brought stands below what was tapped: go there, unless it can be seen already.
const NARROW = 640, HIGH_ENOUGH = 0.6, DRAWN_MS = 200;
export default function ({ data, parentElement }) {
  const before = parentElement.shown;
  parentElement.shown = data.shown;
  if (before === undefined || before === data.shown || !data.shown || innerWidth > NARROW) return;
  setTimeout(() => {
    const target = document.querySelector(`.st-key-${data.key}`);
    const top = target?.getBoundingClientRect().top;
    if (top === undefined || (top >= 0 && top < HIGH_ENOUGH * innerHeight)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  }, DRAWN_MS);
}
