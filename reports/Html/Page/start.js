// What runs when the page has been read.
function startTimeline(json) {
  const root = document.getElementById("timeline");
  const timeline = new TimelineView(root, new TimelineData(json));
  const press = (name, action) => root.querySelector(`[data-do="${name}"]`).addEventListener("click", action);
  press("in", () => timeline.zoom(0.5));
  press("out", () => timeline.zoom(2));
  press("all", () => timeline.look(0, timeline.data.length));
  const kinds = [...root.querySelectorAll("[data-kind]")];
  for (const button of kinds) button.addEventListener("click", () => timeline.show(button.dataset.kind));
  root.addEventListener("kind", () => {
    for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === timeline.kind));
    listSoon();
  });
  root.querySelector("input").addEventListener("input", event => {
    timeline.search(event.target.value);
    listSoon();
  });
  const selected = root.querySelector("#selected"), inView = root.querySelector("#in-view-list");
  let waiting = 0;
  const listSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => showInView(inView, timeline), 120);
  };
  root.addEventListener("view", listSoon);
  root.addEventListener("select", () => {
    showSelected(selected, timeline);
    if (timeline.selected >= 0) history.replaceState(null, "", fragmentOf(timeline, timeline.selected));
  });
  showSelected(selected, timeline);
  showInView(inView, timeline);
  new HeatMap(document.getElementById("heat"), timeline);
  const open = () => openFragment(timeline, new URLSearchParams(location.hash.slice(1)));
  addEventListener("hashchange", open);
  open();
}

// #t=FROM-TO&lane=mutex-7&thread=4711&kind=wait: looks at that time and selects what in the lane is most like it. Only t is needed.
function openFragment(timeline, parameters) {
  const data = timeline.data;
  const lane = data.lane(parameters.get("lane") ?? "");
  if (lane) {
    timeline.show(lane.kind);
    if (!timeline.lanes.includes(lane)) timeline.search("");
    timeline.focusLane(timeline.lanes.indexOf(lane));
  }
  const times = (parameters.get("t") ?? "").split("-").map(Number);
  if (times.length === 2 && times.every(Number.isFinite) && times[1] >= times[0] && parameters.has("t")) {
    const [from, to] = times;
    let best = -1, apart = Infinity;
    for (const track of lane ? [lane.waits, lane.holds] : []) {
      for (const item of track.between(from, to)) {
        if (parameters.has("thread") && String(data.thread[item]) !== parameters.get("thread")) continue;
        if (parameters.has("kind") && (data.kind[item] === Hold) !== (parameters.get("kind") === "hold")) continue;
        const distance = Math.abs(data.start[item] - from) + Math.abs(data.end[item] - to);
        if (distance < apart) [best, apart] = [item, distance];
      }
    }
    if (best >= 0) timeline.select(best, true);
    else timeline.look(from - (to - from), to + (to - from));
  }
  if (lane || parameters.has("t")) document.getElementById("timeline-section").scrollIntoView();
}

for (const table of document.querySelectorAll("table.sortable")) sortByHeads(table);
for (const search of document.querySelectorAll("input[data-table]")) searchRows(search);
const navigation = document.querySelector("nav");
startTheme(navigation.querySelector("button"));
const timelineData = document.getElementById("timeline-data");
if (timelineData) startTimeline(JSON.parse(timelineData.textContent));
fillNavigation(navigation.querySelector(".links"));
