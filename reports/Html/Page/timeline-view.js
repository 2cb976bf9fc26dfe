// The timeline on the page: which stretch of time is looked at, by mouse and by keyboard, and which interval is selected. Others are told of both by
// the events "view" and "select" of the element.
class TimelineView {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.view = this.firstView();
    this.kind = "mutex";
    this.wanted = "";
    this.selected = -1;
    this.focus = 0;
    this.names = root.querySelector(".lane-names");
    this.scroller = root.querySelector(".lanes");
    this.canvas = root.querySelector(".lanes canvas");
    this.axis = root.querySelector(".axis-row canvas");
    this.range = root.querySelector(".axis-row span");
    this.tip = root.querySelector(".tip");
    this.painter = new LanePainter(data);
    this.showLanes();
    this.listen();
  }

  // All of the recording; where little of it has anything to show, that.
  firstView() {
    const { from, to } = this.data.activity();
    const margin = (to - from) / 40;
    return to > from && (to - from) * 2 < this.data.length
      ? { from: Math.max(0, from - margin), to: Math.min(this.data.length, to + margin) }
      : { from: 0, to: this.data.length };
  }

  showLanes() {
    const all = this.kind === "mutex" ? this.data.mutexes : this.data.threads;
    this.lanes = all.filter(lane => lane.name.toLowerCase().includes(this.wanted));
    this.focus = Math.max(0, Math.min(this.focus, this.lanes.length - 1));
    this.height = layOut(this.lanes);
    this.names.replaceChildren(...this.lanes.map(lane => {
      const name = document.createElement("div");
      name.className = "lane-name";
      name.style.height = lane.height + "px";
      name.title = lane.name;
      name.append(lane.name);
      const facts = document.createElement("small");
      facts.textContent = `waited ${duration(lane.waits.total)}, held ${duration(lane.holds.total)}`;
      name.append(facts);
      return name;
    }));
    this.resize();
  }

  resize() {
    this.width = Math.max(50, this.canvas.parentElement.clientWidth - this.names.offsetWidth);
    for (const [canvas, height] of [[this.canvas, Math.max(1, this.height)], [this.axis, 24]]) {
      canvas.style.height = height + "px";
      canvas.width = Math.round(this.width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.draw();
  }

  // Draws at the next frame, once, however often it is asked to.
  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  drawNow() {
    const pen = this.canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const top = this.scroller.scrollTop, bottom = top + (matchMedia("print").matches ? this.height : this.scroller.clientHeight);
    this.lanes.forEach((lane, i) => {
      if (lane.top + lane.height >= top && lane.top <= bottom) this.painter.paint(pen, lane, this.view, this.width, i === this.focus);
      this.names.children[i].classList.toggle("focused", i === this.focus);
    });
    if (this.selected >= 0) {
      const lane = this.laneOf(this.selected);
      if (lane) this.painter.outline(pen, lane, this.selected, this.view, this.width);
    }
    this.drawAxis();
  }

  drawAxis() {
    const pen = this.axis.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, this.width, 24);
    const span = this.view.to - this.view.from;
    const rough = span / Math.max(2, this.width / 110);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough);
    pen.fillStyle = this.painter.soft;
    pen.font = "12px system-ui, sans-serif";
    for (let t = Math.ceil(this.view.from / step) * step; t <= this.view.to; t += step) {
      const x = (t - this.view.from) / span * this.width;
      pen.fillRect(x, 18, 1, 6);
      pen.fillText(moment(t, span), Math.min(x + 3, this.width - 60), 14);
    }
    this.range.textContent = duration(span);
    this.range.title = `${moment(this.view.from, span)} to ${moment(this.view.to, span)}`;
  }

  laneOf(item) {
    return this.kind === "mutex"
      ? this.lanes.find(lane => lane === this.data.mutexLane(item))
      : this.lanes.find(lane => lane.id === String(this.data.thread[item]));
  }

  // Looks at a stretch of time: within the recording, and never at less than ten nanoseconds.
  look(from, to) {
    const span = Math.min(this.data.length, Math.max(10, to - from));
    const begin = Math.max(0, Math.min(this.data.length - span, from + (to - from - span) / 2));
    this.view = { from: begin, to: begin + span };
    this.draw();
    this.root.dispatchEvent(new Event("view"));
  }

  zoom(factor, at = (this.view.from + this.view.to) / 2) {
    this.look(at - (at - this.view.from) * factor, at + (this.view.to - at) * factor);
  }

  pan(share) {
    const move = (this.view.to - this.view.from) * share;
    const held = Math.max(-this.view.from, Math.min(this.data.length - this.view.to, move));
    this.look(this.view.from + held, this.view.to + held);
  }

  show(kind) {
    if (this.kind === kind) return;
    this.kind = kind;
    this.focus = 0;
    this.showLanes();
    this.root.dispatchEvent(new Event("kind"));
  }

  search(wanted) {
    this.wanted = wanted.toLowerCase();
    this.showLanes();
  }

  // Selects an interval and brings it into view.
  select(item, zoomTo = false) {
    this.selected = item;
    if (item >= 0) {
      const lane = this.laneOf(item);
      if (lane) this.focusLane(this.lanes.indexOf(lane));
      const start = this.data.start[item], length = this.data.lengthOf(item);
      const span = this.view.to - this.view.from;
      if (zoomTo || length > span || length * 400 < span) this.look(start - length * 1.5, start + length * 2.5);
      else if (start < this.view.from || start + length > this.view.to) this.look(start + length / 2 - span / 2, start + length / 2 + span / 2);
    }
    this.draw();
    this.root.dispatchEvent(new Event("select"));
  }

  focusLane(index) {
    if (this.lanes.length === 0) return;
    this.focus = Math.max(0, Math.min(this.lanes.length - 1, index));
    const lane = this.lanes[this.focus];
    if (lane.top < this.scroller.scrollTop) this.scroller.scrollTop = lane.top;
    const bottom = this.scroller.scrollTop + this.scroller.clientHeight;
    if (lane.top + lane.height > bottom) this.scroller.scrollTop += lane.top + lane.height - bottom;
    this.draw();
  }

  // The next interval in the focused lane, by start; the first in view when none is selected there.
  step(direction) {
    const lane = this.lanes[this.focus];
    if (!lane) return;
    const items = [...lane.holds.items, ...lane.waits.items].sort((a, b) => this.data.start[a] - this.data.start[b] || a - b);
    const at = items.indexOf(this.selected);
    const inView = items.findIndex(item => this.data.end[item] >= this.view.from);
    const next = at < 0 ? Math.max(0, inView) : at + direction;
    if (items[next] !== undefined) this.select(items[next]);
  }

  // The longest wait of the focused lane in view, or the longest hold where nobody waited.
  selectLongest() {
    const lane = this.lanes[this.focus];
    if (!lane) return;
    const longest = track => [...track.between(this.view.from, this.view.to)].sort((a, b) => this.data.lengthOf(b) - this.data.lengthOf(a))[0];
    const item = longest(lane.waits) ?? longest(lane.holds);
    if (item !== undefined) this.select(item);
  }

  // What is under the pointer: the interval that is nearest to it, within four pixels.
  hit(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    const lane = this.lanes.find(candidate => y >= candidate.top && y < candidate.top + candidate.height);
    const time = this.view.from + x / this.width * (this.view.to - this.view.from);
    let found = -1, nearest = 4;
    if (lane) {
      const reach = 4 / this.width * (this.view.to - this.view.from);
      for (const track of [lane.holds, lane.waits]) {
        for (const item of track.between(time - reach, time + reach)) {
          const place = this.painter.place(lane, item, this.view, this.width);
          const away = Math.max(place.x - x, x - place.x - place.width, 0);
          if (y >= place.top && y < place.top + place.height + 1 && away < nearest) [found, nearest] = [item, away];
        }
      }
    }
    return { x, y, lane, time, item: found };
  }

  listen() {
    this.listenToPointer();
    this.scroller.addEventListener("keydown", event => this.key(event));
    this.scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => {
      if (this.canvas.parentElement.clientWidth - this.names.offsetWidth !== this.width) this.resize();
    }).observe(this.scroller);
    onColours(() => {
      this.painter.readColours();
      this.drawNow();
    });
  }

  listenToPointer() {
    let drag = null;
    this.canvas.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, view: this.view, moved: false };
      this.canvas.setPointerCapture(event.pointerId);
      this.scroller.focus({ preventScroll: true });
    });
    this.canvas.addEventListener("pointermove", event => {
      if (drag) {
        drag.moved ||= Math.abs(event.clientX - drag.x) > 3;
        if (!drag.moved) return;
        this.canvas.classList.add("dragging");
        const move = (drag.x - event.clientX) / this.width * (drag.view.to - drag.view.from);
        const held = Math.max(-drag.view.from, Math.min(this.data.length - drag.view.to, move));
        this.look(drag.view.from + held, drag.view.to + held);
      } else this.hover(event);
    });
    this.canvas.addEventListener("pointerup", event => {
      this.canvas.classList.remove("dragging");
      if (drag && !drag.moved) {
        const hit = this.hit(event);
        if (hit.lane) this.focusLane(this.lanes.indexOf(hit.lane));
        this.select(hit.item);
      }
      drag = null;
    });
    this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.canvas.addEventListener("dblclick", event => this.zoom(event.shiftKey ? 3 : 1 / 3, this.hit(event).time));
    this.canvas.addEventListener("wheel", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        event.preventDefault();
        this.zoom(1.0015 ** Math.max(-400, Math.min(400, event.deltaY)), this.hit(event).time);
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        this.pan((event.deltaX || event.deltaY) / this.width);
      }
    }, { passive: false });
  }

  hover(event) {
    const hit = this.hit(event);
    const text = hit.item >= 0 ? this.describe(hit.item) : this.describeBin(hit);
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    const box = this.root.getBoundingClientRect();
    this.tip.style.left = Math.max(0, Math.min(event.clientX - box.left + 14, box.width - this.tip.offsetWidth)) + "px";
    this.tip.style.top = event.clientY - box.top + 18 + "px";
  }

  describe(item) {
    const data = this.data;
    const what = data.kind[item] === Hold ? "held" : "waited for";
    const ending = data.endingText(item);
    return `${data.threadOf(item)} ${what} ${data.nameOf(item)}\n${data.lengthText(item)} from ${data.siteOf(item)}${ending ? "\n" + ending : ""}`;
  }

  describeBin(hit) {
    if (!hit.lane || hit.lane.isWhole) return "";
    const at = Math.floor(hit.time / this.data.bin);
    const parts = [];
    for (const [track, what] of [[hit.lane.holds, "held"], [hit.lane.waits, "waiting"]]) {
      const bin = track.bins.find(candidate => candidate.index === at);
      if (!bin) continue;
      parts.push(what === "held"
        ? `held ${(100 * bin.share).toFixed(1)} % of the time, ${bin.count} holds begun`
        : `${bin.share.toFixed(2)} waiting on average, ${bin.count} waits begun`);
    }
    return parts.length ? `${duration(this.data.bin)} from ${moment(at * this.data.bin, this.view.to - this.view.from)}\n${parts.join("\n")}` : "";
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowLeft: () => this.pan(-0.15), ArrowRight: () => this.pan(0.15), a: () => this.pan(-0.15), d: () => this.pan(0.15),
      ArrowUp: () => this.focusLane(this.focus - 1), ArrowDown: () => this.focusLane(this.focus + 1),
      "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), w: () => this.zoom(0.5), "-": () => this.zoom(2), s: () => this.zoom(2),
      0: () => this.look(0, this.data.length), Home: () => this.look(0, this.data.length),
      n: () => this.step(1), p: () => this.step(-1), Enter: () => this.selectLongest(), Escape: () => this.select(-1),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
