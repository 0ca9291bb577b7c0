// Axes: time drawn to scale with long gaps cut out, and logarithmic ones.

/** How wide a gap is that was cut out. */
const BREAK_WIDTH = 64;

/**
 * A time axis for events at `times`, in order, in a picture `room` wide. `unit` is the shortest time that must be legible; a gap that would
 * take up nearly half of the room then is cut. `zoom` is 1 for all that is legible.
 */
const timeAxis = (times, unit, room, zoom) => {
  const points = [...new Set(times)].sort((a, b) => a - b);
  const gaps = points.slice(1).map((to, n) => ({ from: points[n], to, length: to - points[n] }));
  const legible = 18 / Math.max(unit, 1e-9);
  for (const gap of gaps) gap.isCut = gap.length * legible > room * 0.45;
  // A single gap has nothing beside it that it could drown.
  if (gaps.length === 1) gaps[0].isCut = false;
  const cuts = gaps.filter((gap) => gap.isCut).length;
  const drawn = gaps.reduce((sum, gap) => sum + (gap.isCut ? 0 : gap.length), 0);
  const fit = drawn > 0 ? Math.max(room - cuts * BREAK_WIDTH, room * 0.2) / drawn : 0;
  const scale = Math.max(legible, fit) * zoom;
  let x = 0;
  for (const gap of gaps) {
    gap.x = x;
    gap.width = gap.isCut ? BREAK_WIDTH : gap.length * scale;
    x += gap.width;
  }
  const at = (time) => {
    if (!gaps.length || time <= points[0]) return 0;
    let [low, high] = [0, gaps.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (gaps[middle].to < time) low = middle + 1;
      else high = middle;
    }
    const gap = gaps[low];
    return gap.x + Math.min(1, (time - gap.from) / gap.length) * gap.width;
  };
  return {
    at,
    width: x,
    fit: fit / Math.max(legible, fit),
    breaks: gaps.filter((gap) => gap.isCut),
    ticks: ticks(gaps, scale),
    scale,
  };
};

/** Round moments, far enough apart, none in a gap that was cut. */
const ticks = (gaps, scale) => {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];
  const wanted = 90 / Math.max(scale, 1e-12);
  let step = steps.find((step) => step >= wanted) ?? 86400 * 2 ** Math.ceil(Math.log2(wanted / 86400));
  if (wanted < 1) {
    const power = 10 ** Math.floor(Math.log10(wanted));
    step = [1, 2, 5, 10].map((n) => n * power).find((step) => step >= wanted);
  }
  const found = [];
  for (const gap of gaps.filter((gap) => !gap.isCut)) {
    for (let n = Math.ceil(gap.from / step - 1e-9); n * step <= gap.to + 1e-9 * step && found.length < 400; n += 1) {
      const time = n * step;
      if (found.at(-1)?.time !== time) found.push({ time, label: offset(time, step) });
    }
  }
  return found;
};

/** A logarithmic axis from `low` to `high` over `width`. */
const logAxis = (low, high, width) => {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  return (value) => ((Math.log10(Math.max(value, low)) - from) / (to - from)) * width;
};

/** Durations people think in, for logarithmic axes. */
const ROUND = [
  1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 432000, 864000,
];
