// The timeline's data, decoded once: intervals as columns of numbers, and for each lane which of them are its own.
const Hold = 0, Wait = 1;
const Endings = { whole: 0, cutByStart: 1, openAtEnd: 2, gaveUp: 3 };

// Three significant digits and a unit, as everywhere in the report.
function duration(ns) {
  if (ns === 0) return "0";
  if (ns >= 6e12) return ns >= 3.6e15 ? (ns / 8.64e13).toFixed(0) + " d" : (ns / 3.6e12).toFixed(1) + " h";
  const units = [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]];
  let at = units.findIndex(unit => ns >= unit[1]);
  if (at === -1) return ns.toFixed(2) + " ns";
  if (at > 0 && Math.round(ns / units[at][1]) >= 1000) at--;
  const value = ns / units[at][1];
  return value.toFixed(units[at][1] === 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2) + " " + units[at][0];
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// A moment, with as many digits as the length of what is looked at needs.
function moment(ns, span) {
  const [unit, size] = span >= 2e8 ? ["s", 1e9] : span >= 2e5 ? ["ms", 1e6] : ["us", 1e3];
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(span / size / 200))));
  return (ns / size).toFixed(digits) + " " + unit;
}

// Intervals of one kind in one lane, by start, so that those in view are found without looking at the others.
class Track {
  constructor(data, summary, mine) {
    this.data = data;
    this.count = summary.count;
    this.total = summary.totalNs;
    this.items = Int32Array.from(mine);
    this.latest = new Float64Array(mine.length);
    let latest = -1;
    mine.forEach((item, i) => { this.latest[i] = latest = Math.max(latest, data.end[item]); });
    this.bins = [];
    // What a thread does is often here whole by its mutexes, though it kept little itself.
    if (mine.length === summary.count) return;
    for (let i = 0, index = 0; i < summary.bins.length; i += 3) {
      index += summary.bins[i];
      this.bins.push({ index, count: summary.bins[i + 1], share: summary.bins[i + 2] / 10000 });
    }
  }

  get isWhole() { return this.bins.length === 0; }

  // Those that lie at least partly in a stretch of time, by start.
  *between(from, to) {
    let low = 0, high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.latest[middle] >= from) high = middle;
      else low = middle + 1;
    }
    for (let i = low; i < this.items.length; i++) {
      const item = this.items[i];
      if (this.data.start[item] > to) return;
      if (this.data.end[item] >= from) yield item;
    }
  }
}

class Lane {
  constructor(data, kind, summary, mine) {
    this.kind = kind;
    this.id = summary.id;
    this.key = `${kind}-${summary.id}`;
    this.name = summary.name;
    this.completeFrom = summary.completeFromNs;
    this.holds = new Track(data, summary.holds, mine.filter(item => data.kind[item] === Hold));
    this.waits = new Track(data, summary.waits, mine.filter(item => data.kind[item] === Wait));
  }

  get isWhole() { return this.holds.isWhole && this.waits.isWhole; }
}

class TimelineData {
  constructor(json) {
    this.length = Math.max(1, json.lengthNs);
    this.bin = json.binNs;
    this.names = json.names;
    this.sites = json.sites;
    const columns = json.intervals;
    const count = columns.kind.length;
    this.kind = Uint8Array.from(columns.kind);
    this.mutex = Int32Array.from(columns.mutex);
    this.thread = Int32Array.from(columns.thread);
    this.site = Int32Array.from(columns.site);
    this.ending = Uint8Array.from(columns.ending);
    this.start = new Float64Array(count);
    this.end = new Float64Array(count);
    let start = 0;
    for (let i = 0; i < count; i++) {
      start += columns.start[i];
      this.start[i] = start;
      this.end[i] = start + columns.length[i];
    }
    const byMutex = new Map(), byThread = new Map();
    for (let i = 0; i < count; i++) {
      append(byMutex, json.names[this.mutex[i]].id + "\n" + json.names[this.mutex[i]].name, i);
      append(byThread, String(this.thread[i]), i);
    }
    this.mutexes = json.mutexes.map(lane => new Lane(this, "mutex", lane, byMutex.get(lane.id + "\n" + lane.name) ?? []));
    this.threads = json.threads.map(lane => new Lane(this, "thread", lane, byThread.get(lane.id) ?? []));
    this.threadNames = new Map(this.threads.map(lane => [lane.id, lane.name]));
    this.rows = new Uint8Array(count);
    this.stacksRecorded = json.stacks.recorded;
    this.stacks = new Map(json.stacks.intervals.map((item, i) =>
      [item, json.stacks.different[json.stacks.of[i]].map(frame => json.stacks.frames[frame] ?? "one of very many places")]));
  }

  // What the thread of an interval is called; one without a lane by its number.
  threadOf(item) {
    return this.threadNames.get(String(this.thread[item])) ?? `thread ${this.thread[item]}`;
  }

  // From the first to the last moment at which anything was held or waited for.
  activity() {
    let from = this.length, to = 0;
    for (let i = 0; i < this.kind.length; i++) {
      from = Math.min(from, this.start[i]);
      to = Math.max(to, this.end[i]);
    }
    for (const lane of this.mutexes) {
      for (const track of [lane.holds, lane.waits]) {
        if (track.isWhole) continue;
        from = Math.min(from, track.bins[0].index * this.bin);
        to = Math.max(to, (track.bins.at(-1).index + 1) * this.bin);
      }
    }
    return { from, to: Math.min(to, this.length) };
  }

  lane(key) {
    return [...this.mutexes, ...this.threads].find(lane => lane.key === key);
  }

  // The lane of the mutex that an interval is about, if it has one.
  mutexLane(item) {
    const name = this.names[this.mutex[item]];
    return this.mutexes.find(lane => lane.id === name.id && lane.name === name.name);
  }

  nameOf(item) { return this.names[this.mutex[item]].name; }

  siteOf(item) { return this.site[item] === -1 ? "site not known" : this.sites[this.site[item]] ?? "one of very many sites"; }

  lengthOf(item) { return this.end[item] - this.start[item]; }

  // "at least" for what an edge of the recording has cut.
  lengthText(item) {
    const cut = this.ending[item] === Endings.cutByStart || this.ending[item] === Endings.openAtEnd;
    return (cut ? "at least " : "") + duration(this.lengthOf(item));
  }

  endingText(item) {
    return ["", "began before the recording", "still going on at the end", "given up"][this.ending[item]];
  }
}

function append(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

// Puts overlapping intervals into rows, each into the first that is free; what finds none goes into the last.
function packRows(track, most) {
  const data = track.data, busyUntil = [];
  for (const item of track.items) {
    let row = busyUntil.findIndex(end => data.start[item] >= end);
    if (row === -1) row = busyUntil.length === most ? most - 1 : busyUntil.length;
    busyUntil[row] = Math.max(busyUntil[row] ?? 0, data.end[item]);
    data.rows[item] = row;
  }
  return busyUntil.length;
}
