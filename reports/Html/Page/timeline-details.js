// Beside the picture: the selected interval in words and tables, and the longest intervals in view, which is what the picture shows for those who do not see it.
function line(parent, text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  parent.append(paragraph);
}

function makeTable(parent, heads, rows) {
  const wrap = document.createElement("div");
  wrap.className = "scroll";
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  heads.forEach(([text, isName]) => {
    const cell = document.createElement("th");
    cell.textContent = text;
    if (isName) cell.className = "name";
    head.append(cell);
  });
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((value, i) => {
      const cell = line.insertCell();
      if (heads[i][1]) cell.className = "name";
      cell.append(value);
    });
  }
  wrap.append(table);
  parent.append(wrap);
  return table;
}

function goButton(timeline, item, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "go";
  button.textContent = text;
  button.addEventListener("click", () => timeline.select(item));
  return button;
}

// Who held the mutex during a wait, the one that held it longest first; what no kept hold covers is left.
function holdersDuring(data, wait) {
  const lane = data.mutexLane(wait);
  if (!lane) return { holders: [], left: data.lengthOf(wait), isWhole: false };
  const holders = [];
  let left = data.lengthOf(wait);
  for (const hold of lane.holds.between(data.start[wait], data.end[wait])) {
    const overlap = Math.min(data.end[hold], data.end[wait]) - Math.max(data.start[hold], data.start[wait]);
    if (overlap <= 0) continue;
    holders.push({ hold, overlap });
    left -= overlap;
  }
  holders.sort((a, b) => b.overlap - a.overlap);
  return { holders, left: Math.max(0, left), isWhole: lane.holds.isWhole };
}

// What the holder itself waited for meanwhile, and so on: from the wait to the thread that was not waiting.
function chainFrom(data, wait) {
  const chain = [wait];
  const seen = new Set([wait]);
  for (;;) {
    const last = chain.at(-1);
    const holder = holdersDuring(data, last).holders[0]?.hold;
    const lane = holder === undefined ? undefined : data.threads.find(thread => thread.id === String(data.thread[holder]));
    if (!lane) return chain;
    let longest = -1, overlap = 0;
    for (const other of lane.waits.between(data.start[last], data.end[last])) {
      const common = Math.min(data.end[other], data.end[last], data.end[holder]) - Math.max(data.start[other], data.start[last], data.start[holder]);
      if (common > overlap && !seen.has(other)) [longest, overlap] = [other, common];
    }
    if (longest < 0 || chain.length === 16) return chain;
    chain.push(longest);
    seen.add(longest);
  }
}

// Shows a wait and gives who held meanwhile, the longest first.
function showWait(parent, timeline, wait) {
  const data = timeline.data;
  const { holders, left, isWhole } = holdersDuring(data, wait);
  const share = part => {
    const percent = 100 * part / data.lengthOf(wait);
    return data.lengthOf(wait) === 0 ? "" : ` (${percent.toFixed(percent < 9.95 ? 1 : 0)} %)`;
  };
  if (holders.length) {
    makeTable(parent, [["held meanwhile by", true], ["acquired at", true], ["overlap"]], holders.slice(0, 12).map(({ hold, overlap }) =>
      [goButton(timeline, hold, data.threadOf(hold)), data.siteOf(hold), duration(overlap) + share(overlap)]));
    if (holders.length > 12) line(parent, `and ${holders.length - 12} more holders`);
  }
  if (left > 0) {
    line(parent, duration(left) + share(left) + (isWhole ? " when no holder is known: hand-off from one thread to the next, unless events are missing." : " under holds that are not kept one by one, or between holds."));
  }
  const chain = chainFrom(data, wait);
  if (chain.length > 1) {
    line(parent, "The holder was itself waiting:");
    makeTable(parent, [["thread", true], ["waited for", true], ["wait"]], chain.map(item =>
      [goButton(timeline, item, data.threadOf(item)), data.nameOf(item), duration(data.lengthOf(item))]));
  }
  return holders.map(({ hold }) => hold);
}

// Shows a hold and gives who waited meanwhile, the longest first.
function showHold(parent, timeline, hold) {
  const data = timeline.data;
  const lane = data.mutexLane(hold);
  const waiters = [];
  for (const wait of lane ? lane.waits.between(data.start[hold], data.end[hold]) : []) {
    const overlap = Math.min(data.end[hold], data.end[wait]) - Math.max(data.start[hold], data.start[wait]);
    if (overlap > 0) waiters.push({ wait, overlap });
  }
  waiters.sort((a, b) => b.overlap - a.overlap);
  if (waiters.length === 0) {
    line(parent, lane?.waits.isWhole ? "Nobody waited for it meanwhile." : "No wait that is kept one by one fell into it.");
    return [];
  }
  makeTable(parent, [["made wait", true], ["at", true], ["overlap"]], waiters.slice(0, 12).map(({ wait, overlap }) =>
    [goButton(timeline, wait, data.threadOf(wait)), data.siteOf(wait), duration(overlap)]));
  if (waiters.length > 12) line(parent, `and ${waiters.length - 12} more`);
  return waiters.map(({ wait }) => wait);
}

// The address of an interval: it opens the page at it.
function fragmentOf(timeline, item) {
  const data = timeline.data;
  const lane = timeline.laneOf(item);
  return `#t=${data.start[item]}-${data.end[item]}&lane=${lane ? lane.key : "mutex-" + data.names[data.mutex[item]].id}&thread=${data.thread[item]}&kind=${data.kind[item] === Hold ? "hold" : "wait"}`;
}

function showSelected(parent, timeline) {
  const data = timeline.data, item = timeline.selected;
  parent.replaceChildren();
  const head = document.createElement("h3");
  parent.append(head);
  if (item < 0) {
    head.textContent = "Nothing selected";
    line(parent, "Click an interval, or press Enter in the timeline: here stands who held and who waited.");
    return;
  }
  const isHold = data.kind[item] === Hold;
  head.textContent = `${capital(data.threadOf(item))} ${isHold ? "held" : "waited for"} ${data.nameOf(item)} ${data.lengthText(item)}`;
  const ending = data.endingText(item);
  line(parent, `from ${moment(data.start[item], data.lengthOf(item) || 1000)}, acquired at ${data.siteOf(item)}${ending ? "; " + ending : ""}`);
  const others = isHold ? showHold(parent, timeline, item) : showWait(parent, timeline, item);
  showStacks(parent, data, item, others);
  const link = document.createElement("a");
  link.href = fragmentOf(timeline, item);
  link.textContent = "Link to this interval";
  parent.append(link);
}

function showInView(parent, timeline) {
  const data = timeline.data, view = timeline.view;
  const longest = [];
  for (const lane of timeline.lanes) {
    for (const track of [lane.waits, lane.holds]) for (const item of track.between(view.from, view.to)) longest.push(item);
  }
  longest.sort((a, b) => data.kind[b] - data.kind[a] || data.lengthOf(b) - data.lengthOf(a));
  parent.replaceChildren();
  const head = document.createElement("h3");
  head.textContent = "Longest in view";
  parent.append(head);
  const waits = longest.filter(item => data.kind[item] === Wait).slice(0, 8), holds = longest.filter(item => data.kind[item] === Hold).slice(0, 4);
  if (waits.length + holds.length === 0) {
    line(parent, "Nothing that is kept one by one.");
    return;
  }
  makeTable(parent, [["", true], ["mutex", true], ["by", true], ["at"], ["lasted"]], [...waits, ...holds].map(item => [
    goButton(timeline, item, data.kind[item] === Hold ? "hold" : "wait"), data.nameOf(item), data.threadOf(item),
    moment(data.start[item], view.to - view.from), data.lengthText(item),
  ])).id = "in-view";
}
