// The call stack of the selected interval, and below it that of who held or waited longest meanwhile: where both stood in the code.
function showStacks(parent, data, item, others) {
  const head = document.createElement("h3");
  head.textContent = "Call stack";
  parent.append(head);
  if (data.stacksRecorded === 0) {
    line(parent, "No stacks in the recording: record with wpr -start trace.wprp!KMutex.Verbose -filemode.");
    return;
  }
  if (data.stacks.has(item)) showStack(parent, data, item);
  else line(parent, whyWithoutStack(data, item));
  const other = others.find(one => data.stacks.has(one));
  if (other !== undefined) showStack(parent, data, other);
}

function showStack(parent, data, item) {
  const isHold = data.kind[item] === Hold;
  line(parent, `${capital(data.threadOf(item))}, ${isHold ? "releasing after it held" : "acquiring after it waited"} ${duration(data.lengthOf(item))}, innermost first:`);
  const list = document.createElement("ol");
  list.className = "stack";
  for (const frame of data.stacks.get(item)) {
    const entry = document.createElement("li");
    entry.textContent = frame;
    list.append(entry);
  }
  parent.append(list);
}

function whyWithoutStack(data, item) {
  if (data.ending[item] === Endings.openAtEnd) return "A stack comes with the event that ends a wait or hold, and the recording ended first.";
  if (data.ending[item] === Endings.gaveUp) return "Stacks are kept of acquires and releases, and this wait was given up.";
  return `No stack of this one: ${data.stacksRecorded.toLocaleString("en")} waits and holds were recorded with a stack, and the slowest of the recording have theirs here, ${data.stacks.size.toLocaleString("en")} intervals.`;
}
