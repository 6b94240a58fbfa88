// Tells the script, once, when all that has come so far is drawn; of what takes longer it does not wait for the end.
const LONGEST_MS = 2000;
const DRAWN = () => {
  const all = (query, test) => [...document.querySelectorAll(query)].every(test);
  return !document.querySelector("[data-testid=stSkeleton]")
    && all("[data-testid=stPlotlyChart]", (chart) => chart.querySelector(".main-svg"))
    && all("[data-testid=stMain] img", (image) => image.complete)
    && all("iframe[title*=folium]", (map) => map.contentDocument?.querySelector(".leaflet-tile-loaded"));
};
export default function ({ setTriggerValue, parentElement }) {
  if (parentElement.asked) return;
  parentElement.asked = true;
  const begun = performance.now();
  const look = () => {
    if (!parentElement.isConnected) return;
    if (!DRAWN() && performance.now() - begun < LONGEST_MS) requestAnimationFrame(look);
    else setTimeout(() => setTriggerValue("stands", true));  // when it can be seen
  };
  requestAnimationFrame(look);
}
