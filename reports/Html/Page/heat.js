// Contention over time: a row for each mutex that was waited for, darker where more threads waited. Pressing a place looks at it in the timeline.
class HeatMap {
  constructor(root, timeline) {
    this.root = root;
    this.timeline = timeline;
    this.canvas = root.querySelector("canvas");
    this.lanes = timeline.data.mutexes.filter(lane => lane.waits.count > 0).slice(0, 24);
    root.closest("section").hidden = this.lanes.length === 0;
    root.querySelector(".lane-names").replaceChildren(...this.lanes.map(lane => {
      const name = document.createElement("div");
      name.className = "heat-name";
      name.title = name.textContent = lane.name;
      return name;
    }));
    const look = event => {
      const box = this.canvas.getBoundingClientRect(), view = timeline.view;
      const at = (event.clientX - box.left) / box.width * timeline.data.length;
      const span = Math.min(view.to - view.from, timeline.data.length / 10);
      timeline.look(at - span / 2, at + span / 2);
    };
    this.canvas.addEventListener("pointerdown", event => {
      this.canvas.setPointerCapture(event.pointerId);
      look(event);
    });
    this.canvas.addEventListener("pointermove", event => { if (event.buttons === 1) look(event); });
    timeline.root.addEventListener("view", () => this.draw());
    onColours(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(root);
    this.draw();
  }

  // How many waited on average, by column.
  waiting(lane, columns) {
    const data = this.timeline.data, scale = columns / data.length;
    const share = new Float64Array(columns);
    if (lane.waits.isWhole) {
      for (const item of lane.waits.items) spread(share, data.start[item] * scale, data.end[item] * scale, 1);
    } else {
      for (const bin of lane.waits.bins) spread(share, bin.index * data.bin * scale, (bin.index + 1) * data.bin * scale, bin.share);
    }
    return share;
  }

  draw() {
    const width = this.canvas.clientWidth, row = 16, height = this.lanes.length * row;
    if (width === 0 || height === 0) return;
    const columns = Math.max(1, Math.floor(width / 4));
    this.canvas.style.height = height + "px";
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    const pen = this.canvas.getContext("2d");
    pen.scale(devicePixelRatio, devicePixelRatio);
    if (this.columns !== columns) {
      this.columns = columns;
      this.shares = this.lanes.map(lane => this.waiting(lane, columns));
    }
    const most = Math.max(...this.shares.map(share => Math.max(...share)));
    pen.fillStyle = this.timeline.painter.wait;
    this.shares.forEach((share, i) => share.forEach((waiting, x) => {
      if (waiting === 0) return;
      pen.globalAlpha = 0.08 + 0.92 * Math.sqrt(waiting / most);
      pen.fillRect(x * width / columns, i * row + 1, width / columns, row - 2);
    }));
    pen.globalAlpha = 1;
    const view = this.timeline.view, length = this.timeline.data.length;
    pen.strokeStyle = this.timeline.painter.ink;
    pen.lineWidth = 1.5;
    pen.strokeRect(view.from / length * width + 1, 1, Math.max(2, (view.to - view.from) / length * width - 2), height - 2);
    this.root.querySelector("p").textContent = `Darkest: ${most.toFixed(most < 10 ? 1 : 0)} threads waiting at a time, on average over ${duration(length / columns)}. The frame is what the timeline shows; press a place to look at it.`;
  }
}
