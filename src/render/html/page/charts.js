// How figures are spread over all flows, and what quiet times paths survive.

/** Bars over a logarithmic axis of durations. */
const histogram = (title, key, spread) => {
  const low = (bar) => 10 ** (bar / 10);
  const bars = Object.entries(spread.bars)
    .map(([bar, ends]) => [Number(bar), ends])
    .sort((a, b) => a[0] - b[0]);
  const figure = el('figure', {}, el('figcaption', {}, title, el('span', { class: 'faint' }, ` ${counted(spread.ends, 'end')}`)));
  if (!bars.length) {
    figure.append(el('p', { class: 'faint' }, 'nothing was measured'));
    return figure;
  }
  let [first, last] = [bars[0][0] - 1, bars.at(-1)[0] + 2];
  // A single bar in an empty field says less than one in a decade.
  while (last - first < 14) {
    first -= 1;
    last += 1;
  }
  const [width, height, floor] = [340, 150, 118];
  const x = (bar) => 10 + ((bar - first) / (last - first)) * (width - 20);
  const most = Math.max(...bars.map(([, ends]) => ends));
  const picture = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-label': `${title}: ${counted(spread.ends, 'end')}`,
      class: 'histogram',
    },
    svg('path', { class: 'lane', d: `M10 ${floor}H${width - 10}` }),
  );
  let lastLabel = -Infinity;
  for (const value of ROUND) {
    const at = x(Math.log10(value) * 10);
    if (at < 10 || at > width - 10 || at - lastLabel < 44) continue;
    lastLabel = at;
    picture.append(
      svg('path', { class: 'tick', d: `M${at} ${floor}v5` }),
      svg('text', { class: 'label', x: at, y: floor + 18, 'text-anchor': 'middle' }, brief(value)),
    );
  }
  for (const [bar, ends] of bars) {
    const tall = Math.max(2, (ends / most) * 92);
    const label = `${counted(ends, 'end')}: ${duration(low(bar))} to ${duration(low(bar + 1))}`;
    const choose = () => table.filter({ key, title, low: low(bar) * (1 - 1e-9), high: low(bar + 1) * (1 - 1e-9) });
    picture.append(
      svg(
        'g',
        {
          class: 'bar',
          role: 'button',
          'aria-label': label,
          'data-mark': bar,
          onclick: choose,
          onkeydown: (event) => {
            if (event.key === 'Enter') choose();
          },
          ...tipped,
        },
        svg('rect', { class: 'hit', x: x(bar), y: 8, width: x(bar + 1) - x(bar), height: floor - 8 }),
        svg('rect', { x: x(bar) + 0.75, y: floor - tall, width: x(bar + 1) - x(bar) - 1.5, height: tall }),
      ),
    );
    if (ends === most && bars.filter(([, ends]) => ends === most).length < 4)
      picture.append(
        svg(
          'text',
          {
            class: 'label figure',
            x: Math.min(width - 16, Math.max(16, (x(bar) + x(bar + 1)) / 2)),
            y: floor - tall - 6,
            'text-anchor': 'middle',
          },
          count(ends),
        ),
      );
  }
  walkable(picture);
  figure.append(picture);
  return figure;
};

const drawSpreads = () => {
  const { idle_s: idle, interval_s: interval, rtt_s: rtt } = overview.spreads;
  byId('spreads').hidden = idle.ends + interval.ends + rtt.ends === 0;
  byId('histograms').replaceChildren(
    histogram('Idle', 'idle_s', idle),
    histogram('Interval', 'interval_s', interval),
    histogram('RTT', 'rtt_s', rtt),
  );
};

const endpoint = ({ addr, port }) => (addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`);

/** The picture of one path: quiet times that were survived and died of, on a common axis. */
const wayPicture = (way, axis, width, height) => {
  const { path } = way;
  const middle = height / 2;
  const picture = svg('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'group',
    'aria-label': 'Quiet times on this path',
    class: 'way',
  });
  const candidates = path.idle_timeout_s;
  for (const { timeout_s: timeout, boxes } of overview.boxes) {
    if (timeout < axis.low || timeout > axis.high) continue;
    const fits = candidates && timeout > candidates.low && timeout <= candidates.high;
    picture.append(
      svg(
        'g',
        { class: `box${fits ? ' fits' : ''}`, role: 'img', 'aria-label': `${brief(timeout)}: ${boxes.join('; ')}`, ...tipped },
        svg('path', { class: 'hit', d: `M${axis.at(timeout)} 0V${height}` }),
        svg('path', { d: `M${axis.at(timeout)} 0V${height}` }),
      ),
    );
  }
  picture.append(svg('path', { class: 'lane', d: `M0 ${middle}H${width}` }));
  if (candidates) {
    picture.append(
      svg('rect', {
        class: 'bracket',
        x: axis.at(candidates.low),
        y: middle - 7,
        width: Math.max(2, axis.at(candidates.high) - axis.at(candidates.low)),
        height: 14,
        rx: 2,
      }),
    );
  }
  const point =
    (kind, text) =>
    ([seconds, flow]) =>
      svg(
        'g',
        {
          class: `point ${kind}`,
          transform: `translate(${axis.at(seconds)} ${middle})`,
          role: 'button',
          'data-mark': seconds,
          'aria-label': `${duration(seconds)} of quiet ${text}, flow ${flow}`,
          onclick: () => openFlow(flow),
          onkeydown: (event) => {
            if (event.key === 'Enter') openFlow(flow);
          },
          ...tipped,
        },
        svg('circle', { class: 'hit', r: 10 }),
        kind === 'died' ? svg('path', { d: 'M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5' }) : svg('circle', { r: 4 }),
      );
  picture.append(...way.survived.map(point('survived', 'survived')), ...way.died.map(point('died', 'killed it')));
  walkable(picture);
  return picture;
};

/** The time-outs above the paths, named where there is room. */
const boxAxis = (axis, width) => {
  const picture = svg('svg', { width, height: 22, viewBox: `0 0 ${width} 22`, class: 'way', 'aria-hidden': 'true' });
  let last = -Infinity;
  for (const { timeout_s: timeout } of overview.boxes) {
    const at = axis.at(timeout);
    const text = brief(timeout);
    const half = text.length * 3.2;
    if (timeout < axis.low || timeout > axis.high || at - half < last || at + half > width) continue;
    last = at + half + 6;
    picture.append(svg('text', { class: 'label', x: at, y: 14, 'text-anchor': 'middle' }, text));
  }
  return picture;
};

/** How many paths are drawn before a reader asks for all. */
const FEW_WAYS = 10;
let drawsAllWays = false;

const drawWays = () => {
  const box = byId('ways');
  byId('paths').hidden = overview.ways.length === 0;
  if (!overview.ways.length) return;
  const ways = drawsAllWays ? overview.ways : overview.ways.slice(0, FEW_WAYS);
  const isNarrow = matchMedia('(max-width: 720px)').matches;
  const width = Math.max(220, box.clientWidth - (isNarrow ? 30 : 340));
  const all = ways.flatMap((way) => [...way.survived, ...way.died].map(([seconds]) => seconds));
  // Wide enough for the nearest time-outs to be seen beside what was measured.
  const [low, high] = [Math.min(30, ...all) / 1.4, Math.max(400, Math.max(...all) * 1.6)];
  const at = logAxis(low, high, width - 16);
  const axis = { low, high, at: (value) => 8 + at(value) };
  const line = (way) => {
    const { path } = way;
    const bracket = path.idle_timeout_s;
    const names = path.candidates.length
      ? `, as ${path.candidates.slice(0, 4).join(', ')}${path.candidates.length > 4 ? ` + ${path.candidates.length - 4}` : ''}`
      : '';
    const died = path.died_idle_s === null ? '' : `died after ${duration(path.died_idle_s)}`;
    const survived = path.survived_idle_s === null ? '' : `survived ${duration(path.survived_idle_s)}`;
    const verdict = bracket
      ? `a time-out above ${duration(bracket.low)}, at most ${duration(bracket.high)}${names}`
      : [survived, died].filter(Boolean).join(', ');
    return el(
      'div',
      { class: 'way-row' },
      el(
        'div',
        {},
        el('p', { class: 'name' }, `${path.client_net} → ${endpoint(path.server)}`),
        el('p', { class: bracket ? 'doubtful' : 'faint' }, verdict),
      ),
      wayPicture(way, axis, width, 34),
    );
  };
  const undrawn = overview.ways.length - ways.length;
  const more = overview.ways_total - overview.ways.length;
  const button = el(
    'button',
    {
      type: 'button',
      class: 'link',
      onclick: () => {
        drawsAllWays = true;
        drawWays();
      },
    },
    `${counted(undrawn, 'more path')}`,
  );
  box.replaceChildren(
    el(
      'div',
      { class: 'way-row axis' },
      el(
        'p',
        { class: 'legend' },
        el(
          'span',
          {},
          svg(
            'svg',
            { width: 14, height: 14, viewBox: '-7 -7 14 14', class: 'way' },
            svg('g', { class: 'point survived' }, svg('circle', { r: 4 })),
          ),
          'survived',
        ),
        el(
          'span',
          {},
          svg(
            'svg',
            { width: 14, height: 14, viewBox: '-7 -7 14 14', class: 'way' },
            svg('g', { class: 'point died' }, svg('path', { d: 'M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5' })),
          ),
          'died',
        ),
      ),
      boxAxis(axis, width),
    ),
    ...ways.map(line),
    undrawn > 0 ? el('p', { class: 'more' }, button) : '',
    drawsAllWays && more > 0 ? el('p', { class: 'faint' }, `${counted(more, 'more path')}, not drawn.`) : '',
  );
};
