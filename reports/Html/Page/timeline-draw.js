// Draws one lane. What is at least two pixels wide is drawn as it is. What is smaller is summed up by pixel, and what is not in the page one by one comes from
// the bins: both as bars whose height is the share of the time, so that a hold of a microsecond never looks like one of a millisecond.
const HoldHeight = 18, WaitHeight = 12, LanePadding = 4, MostWaitRows = 6, MostHoldRows = 3;
const Palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8c6d00", "#56b4e9", "#7b5fd0", "#6b6b6b"];

// How many rows a lane needs, found once. Threads and mutexes share intervals, but not rows: they are packed anew when the view changes from one to the other.
function layOut(lanes) {
  let top = 0;
  for (const lane of lanes) {
    lane.holdRows = Math.max(1, packRows(lane.holds, lane.kind === "mutex" ? 1 : MostHoldRows));
    lane.waitRows = lane.waits.count === 0 ? 0 : Math.max(1, packRows(lane.waits, MostWaitRows));
    lane.top = top;
    lane.height = Math.max(40, LanePadding * 2 + lane.holdRows * HoldHeight + lane.waitRows * WaitHeight);
    top += lane.height;
  }
  return top;
}

class LanePainter {
  constructor(data) {
    this.data = data;
    this.readColours();
  }

  readColours() {
    this.ink = colourOf("--ink");
    this.soft = colourOf("--soft");
    this.line = colourOf("--line");
    this.card = colourOf("--card");
    this.hover = colourOf("--hover");
    this.wait = colourOf("--wait");
    this.hatch = this.makeHatch();
  }

  makeHatch() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = this.wait;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const offset of [-8, 0, 8]) {
      pen.moveTo(offset, 8);
      pen.lineTo(offset + 8, 0);
    }
    pen.stroke();
    return tile;
  }

  // Where an interval is on the screen: for drawing and for the pointer alike.
  place(lane, item, view, width) {
    const isHold = this.data.kind[item] === Hold;
    const row = this.data.rows[item];
    const top = lane.top + LanePadding + (isHold ? row * HoldHeight : lane.holdRows * HoldHeight + row * WaitHeight);
    const scale = width / (view.to - view.from);
    return { x: (this.data.start[item] - view.from) * scale, width: (this.data.end[item] - this.data.start[item]) * scale, top, height: (isHold ? HoldHeight : WaitHeight) - 1 };
  }

  paint(pen, lane, view, width, focused) {
    pen.fillStyle = focused ? this.hover : this.card;
    pen.fillRect(0, lane.top, width, lane.height);
    pen.fillStyle = this.line;
    pen.fillRect(0, lane.top + lane.height - 1, width, 1);
    const holdTop = lane.top + LanePadding;
    const waitTop = holdTop + lane.holdRows * HoldHeight;
    this.paintTrack(pen, lane, lane.holds, view, width, holdTop, lane.holdRows * HoldHeight - 1, this.soft, lane.kind === "mutex" ? 1 : lane.holdRows);
    if (lane.waitRows !== 0) this.paintTrack(pen, lane, lane.waits, view, width, waitTop, lane.waitRows * WaitHeight - 1, this.wait, lane.waitRows);
    if (lane.completeFrom > view.from) {
      const edge = Math.min(width, (lane.completeFrom - view.from) / (view.to - view.from) * width);
      pen.fillStyle = this.soft;
      pen.font = "11px system-ui, sans-serif";
      pen.fillText("not kept before this", Math.max(2, edge - 110), lane.top + lane.height - 6);
      pen.fillRect(edge - 1, lane.top, 1, lane.height);
    }
  }

  paintTrack(pen, lane, track, view, width, top, height, colour, full) {
    const share = new Float64Array(Math.ceil(width));
    const wide = [];
    const scale = width / (view.to - view.from);
    if (track.isWhole) {
      for (const item of track.between(view.from, view.to)) {
        if (this.data.lengthOf(item) * scale >= 2) wide.push(item);
        else spread(share, (this.data.start[item] - view.from) * scale, (this.data.end[item] - view.from) * scale, 1);
      }
    } else {
      for (const bin of track.bins) {
        const x = (bin.index * this.data.bin - view.from) * scale;
        spread(share, x, x + this.data.bin * scale, bin.share);
      }
      for (const item of track.between(view.from, view.to)) if (this.data.lengthOf(item) * scale >= 2) wide.push(item);
    }
    pen.fillStyle = colour;
    pen.globalAlpha = 0.55;
    for (let x = 0; x < share.length; x++) {
      if (share[x] > 0) {
        const bar = Math.max(1, Math.min(1, share[x] / full) * height);
        pen.fillRect(x, top + height - bar, 1, bar);
      }
    }
    pen.globalAlpha = 1;
    for (const item of wide) this.paintInterval(pen, lane, item, view, width);
  }

  paintInterval(pen, lane, item, view, width) {
    const box = this.place(lane, item, view, width);
    const left = Math.max(-2, box.x), right = Math.min(width + 2, box.x + box.width);
    const shown = right - left;
    if (this.data.kind[item] === Hold) {
      const which = lane.kind === "mutex" ? this.data.thread[item] >> 2 : this.data.mutex[item];
      pen.fillStyle = Palette[Math.abs(which) % Palette.length];
      pen.fillRect(left, box.top, Math.max(1, shown - 0.5), box.height);
    } else {
      pen.fillStyle = this.card;
      pen.fillRect(left, box.top, shown, box.height);
      pen.save();
      pen.beginPath();
      pen.rect(left, box.top, shown, box.height);
      pen.clip();
      pen.fillStyle = pen.createPattern(this.hatch, "repeat");
      pen.fillRect(left, box.top, shown, box.height);
      pen.restore();
      pen.strokeStyle = this.wait;
      pen.lineWidth = 1;
      pen.strokeRect(left + 0.5, box.top + 0.5, Math.max(0.5, shown - 1), box.height - 1);
    }
    this.paintLabel(pen, lane, item, left, shown, box);
    this.paintEnding(pen, item, left, right, box);
  }

  paintLabel(pen, lane, item, left, shown, box) {
    const label = lane.kind === "mutex" ? String(this.data.thread[item]) : this.data.nameOf(item);
    if (shown < 34) return;
    const isHold = this.data.kind[item] === Hold;
    pen.font = (isHold ? "12px" : "10px") + " system-ui, sans-serif";
    const room = Math.floor((shown - 8) / (isHold ? 7 : 6));
    const text = label.length > room ? label.slice(0, Math.max(1, room - 1)) + "\u2026" : label;
    const from = Math.max(left, 0) + 4;
    if (!isHold) {
      pen.fillStyle = this.card;
      pen.fillRect(from - 2, box.top + 1, pen.measureText(text).width + 4, box.height - 2);
    }
    pen.fillStyle = isHold ? "#ffffff" : this.ink;
    pen.textBaseline = "middle";
    pen.fillText(text, from, box.top + box.height / 2 + 0.5);
    pen.textBaseline = "alphabetic";
  }

  // An interval without a known end has an open side; one that was given up is crossed at its end.
  paintEnding(pen, item, left, right, box) {
    const ending = this.data.ending[item];
    if (ending === Endings.whole) return;
    const middle = box.top + box.height / 2;
    pen.strokeStyle = this.ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    if (ending === Endings.gaveUp) {
      pen.moveTo(right - 6, middle - 3);
      pen.lineTo(right, middle + 3);
      pen.moveTo(right - 6, middle + 3);
      pen.lineTo(right, middle - 3);
    } else {
      const x = ending === Endings.cutByStart ? left + 1 : right - 1;
      const turn = ending === Endings.cutByStart ? 4 : -4;
      pen.moveTo(x + turn, middle - 4);
      pen.lineTo(x, middle);
      pen.lineTo(x + turn, middle + 4);
    }
    pen.stroke();
  }

  outline(pen, lane, item, view, width) {
    const box = this.place(lane, item, view, width);
    pen.strokeStyle = this.ink;
    pen.lineWidth = 2;
    pen.strokeRect(Math.max(-3, box.x - 1), box.top - 1, Math.min(width + 6, Math.max(3, box.width + 2)), box.height + 2);
  }
}

// Adds to each pixel the part of it that a stretch covers, times a weight.
function spread(pixels, from, to, weight) {
  const first = Math.max(0, Math.floor(from)), last = Math.min(pixels.length - 1, Math.floor(to));
  for (let x = first; x <= last; x++) {
    pixels[x] += weight * Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
  }
}
