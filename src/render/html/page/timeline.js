// The timeline of a flow: who sent what when, with idle and interval drawn to scale.

const LANES = { client: 62, server: 124 };
const TIMELINE_HEIGHT = 206;

/** The probes of a run with their times, and what ended it. */
const probesOf = (run, side) => {
  const peer = side === 'client' ? 'server' : 'client';
  const answered = run.outcome === 'answered' || run.outcome === 'recovered';
  const open = run.outcome === 'pending' || run.outcome === 'unknown';
  let time = since(run.start);
  const probes = [];
  run.probe_frames.forEach((frame, n) => {
    if (n > 0) {
      if (run.intervals_s[n - 1] === undefined) return;
      time += run.intervals_s[n - 1];
    }
    const isLast = n + 1 === run.probes_total;
    const fate = answered && isLast ? 'answered' : open ? 'undecided' : 'unanswered';
    const after =
      n === 0
        ? run.idle_s === null
          ? ''
          : ` after ${duration(run.idle_s)} of quiet`
        : `, ${duration(run.intervals_s[n - 1])} after the one before`;
    probes.push({ time, lane: side, kind: 'probe', fate, frame, label: `probe ${n + 1} of the ${side}${after}: ${fate}` });
  });
  const end = since(run.end);
  if (run.end_frame === null || !probes.length) return { probes, end: null };
  const last = probes.at(-1);
  const ending = {
    answered: ['answer', peer, `answer from the ${peer} after ${duration(end - last.time)}`],
    recovered: ['answer', peer, `answer from the ${peer}, after ${counted(run.probes_total - 1, 'lost probe')}`],
    timed_out: ['reset', side, `RST from the ${side}: it gave up after ${counted(run.probes_total, 'unanswered probe')}`],
    closed: ['reset', side, `RST from the ${side}, not by its probe timer`],
    reset: ['reset', peer, `RST from the ${peer}'s side`],
  }[run.outcome];
  if (!ending) return { probes, end: null };
  const [kind, lane, label] = ending;
  return { probes, end: { time: end, lane, kind, frame: run.end_frame, label, from: kind === 'answer' ? last : null } };
};

const MARK_WORDS = {
  handshake: 'handshake (SYN)',
  fin: 'FIN',
  reset: 'RST',
  retransmission: 'retransmission',
  window_probe: 'zero-window probe',
  ambiguous: 'perhaps a probe: the capture cannot tell',
  icmp: 'ICMP error',
};

/** All that is drawn of a flow. */
const gather = ({ flow, timeline }) => {
  const items = [];
  const measures = [];
  const seen = new Set();
  const add = (item) => {
    items.push(item);
    seen.add(item.frame);
  };
  for (const side of ['client', 'server']) {
    const keepalive = flow[`${side}_keepalive`];
    for (const run of keepalive.runs) {
      const { probes, end } = probesOf(run, side);
      probes.forEach(add);
      if (end) add(end);
      if (run.quiet_since !== null && run.idle_s !== null && probes.length) {
        measures.push({ from: since(run.quiet_since), to: probes[0].time, lane: side, name: 'idle', length: run.idle_s });
      }
      probes
        .slice(1)
        .forEach((probe, n) =>
          measures.push({
            from: probes[n].time,
            to: probe.time,
            lane: side,
            name: 'interval',
            length: probe.time - probes[n].time,
          }),
        );
      if (run.last_wait_s !== null && end)
        measures.push({ from: probes.at(-1).time, to: end.time, lane: side, name: 'interval', length: run.last_wait_s });
    }
  }
  for (const mark of timeline.marks) {
    if (seen.has(mark.frame)) continue;
    const label = mark.text ?? `${MARK_WORDS[mark.kind]} from the ${mark.side}`;
    add({ time: mark.at_s, lane: mark.side, kind: mark.kind, frame: mark.frame, label });
  }
  const { ending } = flow;
  const last = ending && items.find((item) => item.frame === ending.frame);
  if (last && ending.by === 'middlebox') last.label = `RST in the ${last.lane}'s name, from a box on the way`;
  // The quiet before the end, where no run tells of it.
  if (last && ending.quiet_before_s && !measures.some((measure) => measure.to === last.time)) {
    measures.push({
      from: last.time - ending.quiet_before_s,
      to: last.time,
      lane: last.lane,
      name: 'quiet',
      length: ending.quiet_before_s,
    });
  }
  const bursts = timeline.bursts.flatMap((burst) =>
    ['client', 'server']
      .filter((_, n) => burst.bytes[n] > 0)
      .map((lane) => ({
        ...burst,
        lane,
        octets: burst.bytes[lane === 'client' ? 0 : 1],
      })),
  );
  if (timeline.earlier)
    bursts.unshift({
      from_s: since(flow.start),
      to_s: timeline.earlier[0],
      frames: [flow.first_frame, timeline.earlier[1]],
      isRough: true,
    });
  items.sort((a, b) => a.time - b.time);
  return { items, measures, bursts };
};

/** The shape of a mark, around 0,0. */
const SHAPES = {
  probe: () => [svg('circle', { r: 5 })],
  answer: () => [svg('circle', { r: 3.5 })],
  reset: () => [svg('path', { d: 'M-5-5L5 5M5-5L-5 5' })],
  fin: () => [svg('path', { d: 'M0-6V6' })],
  handshake: () => [svg('path', { d: 'M-3-5L3 0L-3 5Z' })],
  retransmission: () => [svg('path', { d: 'M-4 3L0-4L4 3Z' })],
  window_probe: () => [svg('rect', { x: -3.5, y: -3.5, width: 7, height: 7 })],
  ambiguous: () => [svg('circle', { r: 4 })],
  icmp: () => [svg('path', { d: 'M0-7L6 0L0 7L-6 0Z' })],
};

/** Draws it into `box`, at `zoom`. */
const drawTimeline = (detail, box, zoom) => {
  const { items, measures, bursts } = gather(detail);
  const { flow } = detail;
  const pad = 22;
  const ends = [since(flow.start), since(flow.end)];
  const captureEnd = overview.capture.end ? since(overview.capture.end) : null;
  const goesOn = captureEnd !== null && (flow.state === 'open' || flow.state === 'half_closed');
  if (goesOn) ends.push(captureEnd);
  const times = [
    ...ends,
    ...items.map((item) => item.time),
    ...bursts.flatMap((burst) => [burst.from_s, burst.to_s]),
    ...measures.flatMap((m) => [m.from, m.to]),
  ];
  const total = Math.max(...times) - Math.min(...times);
  const lengths = measures.map((measure) => measure.length).filter((length) => length > 0);
  // Half of all are longer, and none that is much shorter makes the others drown.
  const unit = lengths.length
    ? Math.max(Math.min(...lengths), lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] / 40)
    : total / 40;
  const room = Math.max(280, box.clientWidth - 2 * pad);
  const axis = timeAxis(times, unit, room, zoom ?? 1);
  const x = (time) => pad + axis.at(time);
  const width = Math.ceil(axis.width + 2 * pad);
  const picture = svg('svg', {
    width,
    height: TIMELINE_HEIGHT,
    viewBox: `0 0 ${width} ${TIMELINE_HEIGHT}`,
    role: 'group',
    'aria-label': 'Timeline. Arrow keys go from frame to frame.',
    class: 'timeline',
  });

  for (const tick of axis.ticks) {
    picture.append(
      svg('path', { class: 'tick', d: `M${x(tick.time)} 38V172` }),
      svg('text', { class: 'label', x: x(tick.time), y: 188, 'text-anchor': 'middle' }, tick.label),
    );
  }
  for (const lane of ['client', 'server']) {
    picture.append(svg('path', { class: 'lane', d: `M${pad} ${LANES[lane]}H${width - pad}` }));
  }
  for (const gap of axis.breaks) {
    const middle = pad + gap.x + gap.width / 2;
    const isMeasured = measures.some((m) => m.from <= gap.from && m.to >= gap.to);
    for (const y of Object.values(LANES)) {
      picture.append(
        svg('rect', { class: 'cut', x: middle - 7, y: y - 8, width: 14, height: 16 }),
        svg('path', { class: 'cut', d: `M${middle - 8} ${y + 6}l5-12M${middle + 3} ${y + 6}l5-12` }),
      );
    }
    if (!isMeasured)
      picture.append(svg('text', { class: 'label', x: middle, y: 97, 'text-anchor': 'middle' }, duration(gap.length)));
  }
  let lastLabel = { client: -Infinity, server: -Infinity };
  for (const measure of measures) {
    const [from, to] = [x(measure.from), x(measure.to)];
    const above = measure.lane === 'client';
    const y = LANES[measure.lane] + (above ? -24 : 24);
    const text = `${measure.name !== 'interval' && to - from > 76 ? `${measure.name} ` : ''}${duration(measure.length)}`;
    picture.append(
      svg('path', { class: `measure ${measure.name}`, d: `M${from} ${y - 4}v8M${from} ${y}H${to}M${to} ${y - 4}v8` }),
    );
    const half = text.length * 3.1;
    const middle = (from + to) / 2;
    if (to - from > 2 * half && middle - half > lastLabel[measure.lane]) {
      picture.append(svg('text', { class: 'label figure', x: middle, y: above ? y - 7 : y + 15, 'text-anchor': 'middle' }, text));
      lastLabel[measure.lane] = middle + half;
    }
  }
  for (const burst of bursts) {
    const [from, to] = [x(burst.from_s), x(burst.to_s)];
    const what = burst.isRough
      ? `busy, its segments not told apart; frames ${burst.frames[0]}–${burst.frames[1]}`
      : `${counted(burst.octets, 'octet')} of data from the ${burst.lane}, ${burst.segments === 1 ? `#${burst.frames[0]}` : `${counted(burst.segments, 'segment')} of both ends, #${burst.frames[0]}–#${burst.frames[1]}`}, at ${offset(burst.from_s, 0.001)}`;
    for (const lane of burst.isRough ? ['client', 'server'] : [burst.lane]) {
      picture.append(
        svg(
          'g',
          {
            class: `item data${burst.isRough ? ' rough' : ''}`,
            role: 'img',
            'aria-label': what,
            'data-mark': burst.from_s,
            ...tipped,
          },
          svg('rect', { x: from - 1.5, y: LANES[lane] - 6, width: Math.max(3, to - from + 3), height: 12, rx: 1.5 }),
        ),
      );
    }
  }
  for (const item of items) {
    if (item.from)
      picture.append(
        svg('path', { class: 'reply', d: `M${x(item.from.time)} ${LANES[item.from.lane]}L${x(item.time)} ${LANES[item.lane]}` }),
      );
    if (item.fate === 'unanswered') {
      const [y, down] = [LANES[item.lane], item.lane === 'client' ? 1 : -1];
      picture.append(
        svg('path', {
          class: 'lost',
          d: `M${x(item.time)} ${y + 6 * down}v${15 * down}m-4 ${-3 * down}l8 ${6 * down}m0 ${-6 * down}l-8 ${6 * down}`,
        }),
      );
    }
  }
  for (const item of items) {
    const y = item.kind === 'icmp' ? (LANES.client + LANES.server) / 2 : LANES[item.lane];
    picture.append(
      svg(
        'g',
        {
          class: `item ${item.kind} ${item.fate ?? ''}`,
          transform: `translate(${x(item.time)} ${y})`,
          role: 'img',
          'data-mark': item.time,
          'aria-label': `${item.label} · #${item.frame} at ${offset(item.time, 0.001)}`,
          ...tipped,
        },
        svg('circle', { class: 'hit', r: 9 }),
        ...SHAPES[item.kind](),
      ),
    );
  }
  if (goesOn) {
    picture.append(
      svg('path', { class: 'end', d: `M${x(captureEnd)} 34V172` }),
      svg('text', { class: 'label', x: x(captureEnd) - 4, y: 97, 'text-anchor': 'end' }, 'capture ends'),
    );
  }
  walkable(picture);
  return { picture, fit: axis.fit, isWide: width > box.clientWidth + 1 };
};

const LEGEND = [
  ['probe answered', 'probe, answered'],
  ['probe unanswered', 'probe, no answer'],
  ['answer', 'answer'],
  ['reset', 'RST'],
  ['icmp', 'ICMP error'],
  ['retransmission', 'retransmission'],
  ['window_probe', 'zero-window probe'],
  ['ambiguous', 'may be a probe'],
  ['fin', 'FIN'],
  ['handshake', 'SYN'],
];

/** The timeline with its lane names, zoom and legend. */
const timelineBlock = (detail) => {
  const box = el('div', { class: 'scroll', tabindex: -1 });
  const legend = el('p', { class: 'legend' });
  let zoom = 1;
  let fit = 1;
  const redraw = (keepEnd) => {
    const drawn = drawTimeline(detail, box, zoom);
    fit = drawn.fit;
    box.replaceChildren(drawn.picture);
    const kinds = new Set([...drawn.picture.querySelectorAll('.item')].flatMap((item) => [...item.classList]));
    legend.replaceChildren(
      ...(kinds.has('data')
        ? [
            el(
              'span',
              {},
              svg(
                'svg',
                { width: 14, height: 14, class: 'timeline' },
                svg('g', { class: 'item data' }, svg('rect', { x: 3, y: 2, width: 8, height: 10, rx: 1.5 })),
              ),
              'data',
            ),
          ]
        : []),
      ...LEGEND.filter(
        ([kind]) => kind.split(' ').every((name) => kinds.has(name)) && (kind !== 'answer' || kinds.has('answer')),
      ).map(([kind, text]) =>
        el(
          'span',
          {},
          svg(
            'svg',
            { width: 16, height: 16, viewBox: '-8 -8 16 16', class: 'timeline' },
            svg('g', { class: `item ${kind}` }, ...SHAPES[kind.split(' ')[0]]()),
          ),
          text,
        ),
      ),
    );
    if (keepEnd) box.scrollLeft = box.scrollWidth;
  };
  const zoomTo = (to) => {
    zoom = Math.min(64, Math.max(Math.min(fit, 1), to));
    redraw(true);
  };
  const button = (text, label, act) => el('button', { type: 'button', 'aria-label': label, onclick: act }, text);
  const left = detail.timeline.left_out;
  const block = el(
    'div',
    { class: 'timeline-block' },
    el(
      'div',
      { class: 'zoom' },
      el('span', { class: 'faint' }, 'Time from the capture\u2019s start; to scale but for cut gaps ( // )'),
      button('−', 'Zoom out', () => zoomTo(zoom / 2)),
      button('+', 'Zoom in', () => zoomTo(zoom * 2)),
      button('fit', 'Fit the width', () => zoomTo(0)),
      button('1:1', 'Legible size', () => zoomTo(1)),
    ),
    el(
      'div',
      { class: 'lanes' },
      el('div', { class: 'names', 'aria-hidden': 'true' }, el('span', {}, 'client'), el('span', {}, 'server')),
      box,
    ),
    legend,
    left ? el('p', { class: 'faint' }, `${counted(left, 'more frame')} that would stand out are not drawn.`) : null,
  );
  return { block, redraw: () => redraw(true) };
};
