// One flow, opened: its story, timeline, findings, runs, and lines to copy.

const chunks = [...document.querySelectorAll('script.flows')];
const read = new Map();

/** The text of a chunk, which is compressed in large reports. */
const textOf = async (script) => {
  if (script.type !== 'application/gzip') return script.textContent;
  if (!('DecompressionStream' in window))
    throw new Error('This browser is too old to unpack the details of a report of this size.');
  const bytes = Uint8Array.from(atob(script.textContent), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
};

/** What is told of the flow at a place. */
const detailAt = async (place) => {
  const number = Math.floor(place / overview.flows_per_chunk);
  if (!read.has(number)) read.set(number, JSON.parse(await textOf(chunks[number])));
  return read.get(number)[place % overview.flows_per_chunk];
};

const frameList = (frames, total) => {
  const shown = frames.map((frame) => `#${frame}`).join(' ');
  return total > frames.length ? `${shown} + ${count(total - frames.length)}` : shown;
};

const confidence = { certain: '', likely: ' (likely)', possible: ' (possible)' };

const findingItem = (finding) =>
  el(
    'li',
    { class: `finding ${severityShade[finding.severity]}` },
    badge(finding.severity, severityShade[finding.severity]),
    el(
      'div',
      {},
      el('p', {}, finding.text, confidence[finding.confidence]),
      el(
        'p',
        { class: 'faint' },
        el('code', {}, finding.id),
        finding.side ? ` · ${finding.side}` : '',
        ` · ${finding.frames_total === 1 ? 'frame' : 'frames'} `,
        el('span', { class: 'frames' }, frameList(finding.frames, finding.frames_total)),
      ),
    ),
  );

const copyBlock = (title, text) =>
  el(
    'div',
    { class: 'copyable' },
    el('div', { class: 'copyable-head' }, el('h4', {}, title), copyButton(text, title)),
    el('pre', { tabindex: 0 }, text),
  );

/** A command for a shell; nothing where a file has a name that could do something when it is pasted. */
const command = (index) => {
  const { sources } = overview.capture;
  if (sources.length > 8 || sources.some((name) => visible(name) !== name || /[\n\t]/.test(name))) return null;
  const quoted = sources
    .map((name) => (name.startsWith('-') && name !== '-' ? `./${name}` : name))
    .map((name) => (/^[\w./:@%+=,-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`));
  return copyBlock('keepscope, frame by frame', `keepscope --flow ${index} ${quoted.join(' ')}`);
};

/** The runs of one end, in rows. */
const runTable = (side, keepalive) => {
  if (!keepalive.runs.length) return null;
  const stat = (name, value) =>
    value
      ? [
          `${name} ${duration(value.median)}${value.samples > 1 ? ` (${duration(value.min)}–${duration(value.max)}, ${count(value.samples)} samples)` : ''}`,
        ]
      : [];
  const figures = [
    `${counted(keepalive.probes, 'probe')}, ${count(keepalive.answered)} answered`,
    ...stat('idle', keepalive.idle_s),
    ...stat('interval', keepalive.interval_s),
    ...stat('RTT', keepalive.rtt_s),
  ].join(' · ');
  const line = (run) => {
    const shown = run.intervals_s
      .slice(0, 12)
      .map((interval) => duration(interval))
      .join(', ');
    const intervals = run.intervals_s.length > 12 ? `${shown}, … ${count(run.intervals_s.length - 12)} more` : shown;
    const detected = run.detected_after_s === null ? '' : `, ${duration(run.detected_after_s)} after the last sign of life`;
    return el(
      'tr',
      {},
      el('td', { class: 'number' }, offset(since(run.start), 0.001)),
      el(
        'td',
        { class: 'frames' },
        frameList(run.probe_frames.slice(0, 12), run.probes_total),
        run.end_frame === null ? '' : ` → #${run.end_frame}`,
      ),
      el('td', { class: 'number' }, run.idle_s === null ? UNKNOWN : duration(run.idle_s)),
      el('td', {}, intervals || UNKNOWN),
      el(
        'td',
        {},
        badge(words(run.outcome), shades.get(run.outcome) ?? 'plain'),
        detected,
        run.icmp.length ? ` · ICMP: ${run.icmp[0].text}` : '',
        run.doubt.length ? ` · in doubt: ${run.doubt.map(words).join(', ')}` : '',
      ),
    );
  };
  const more = keepalive.runs_total - keepalive.runs.length;
  const body = el('tbody', {}, ...keepalive.runs.map(line));
  return el(
    'details',
    { open: keepalive.runs.length <= 8 },
    el('summary', {}, el('h3', {}, `The ${side} probes`), el('span', { class: 'faint' }, ` ${figures}`)),
    el(
      'div',
      { class: 'scroll' },
      el(
        'table',
        { class: 'runs' },
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...['At', 'Probes → end', 'Idle', 'Intervals', 'Outcome'].map((title) => el('th', { scope: 'col' }, title)),
          ),
        ),
        body,
      ),
    ),
    more > 0 ? el('p', { class: 'faint' }, `${counted(more, 'more run')}, not listed here.`) : null,
  );
};

/** What can be said of the keepalive of an end that was not seen probing. */
const statusWords = (side, { status, idle_excluded_s: excluded }) => {
  if (status === 'probing') return null;
  if (status === 'off') return `keepalive of the ${side}: off, no probe in ${duration(excluded)} of quiet`;
  const bound = excluded ? `; an idle time up to ${duration(excluded)} is excluded` : '';
  return `keepalive of the ${side}: no probe seen, which the capture cannot tell from a longer idle time${bound}`;
};

const dialog = byId('flow');
let opened = null;

const section = (title, ...children) => {
  const parts = children.flat().filter(Boolean);
  return parts.length ? el('section', {}, title ? el('h3', {}, title) : null, ...parts) : null;
};

const drawFlow = (row, detail) => {
  const { flow } = detail;
  const step = (by) => {
    const next = table.neighbour(opened, by);
    return el(
      'button',
      {
        type: 'button',
        disabled: next === undefined,
        'aria-label': by < 0 ? 'Flow before this one in the table' : 'Flow after this one in the table',
        onclick: () => openFlow(next),
      },
      by < 0 ? '←' : '→',
    );
  };
  const { block, redraw } = timelineBlock(detail);
  dialog.replaceChildren(
    el(
      'header',
      {},
      el(
        'div',
        {},
        el('p', { class: 'faint' }, `Flow ${flow.index}`),
        el(
          'h2',
          { id: 'flow-title', tabindex: -1 },
          el('bdi', {}, row.prober),
          el('span', { class: 'faint' }, ' → '),
          el('bdi', {}, row.peer),
        ),
      ),
      el(
        'div',
        { class: 'buttons' },
        step(-1),
        step(1),
        el('button', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕'),
      ),
    ),
    el(
      'div',
      { class: 'content' },
      el('p', { class: 'story' }, detail.story),
      block,
      section('Findings', flow.findings.length ? el('ul', { class: 'list' }, ...flow.findings.map(findingItem)) : null),
      runTable('client', flow.client_keepalive),
      runTable('server', flow.server_keepalive),
      section(
        'What is known of it',
        el(
          'ul',
          { class: 'facts' },
          ...[...detail.about, statusWords('client', flow.client_keepalive), statusWords('server', flow.server_keepalive)]
            .filter(Boolean)
            .map((line) => el('li', {}, line)),
        ),
      ),
      section(
        'To copy',
        copyBlock('Wireshark filter', flow.wireshark_filter),
        command(flow.index),
        detail.ready.map((ready) => copyBlock(`${ready.name}, as the ${ready.side}`, ready.lines)),
      ),
    ),
  );
  return redraw;
};

let redrawFlow = () => {};

/** Opens the flow with this number. */
const openFlow = async (index) => {
  const place = placeOf.get(index);
  if (place === undefined) return;
  opened = index;
  const row = rows.find((row) => row.index === index);
  let redraw = () => {};
  try {
    const detail = await detailAt(place);
    if (opened !== index) return;
    redraw = drawFlow(row, detail);
  } catch (error) {
    dialog.replaceChildren(
      el(
        'header',
        {},
        el('h2', { id: 'flow-title' }, `Flow ${index}`),
        el('button', { type: 'button', onclick: () => dialog.close() }, '✕'),
      ),
      el('p', { class: 'content' }, error.message),
    );
  }
  if (!dialog.open) dialog.showModal();
  redraw();
  redrawFlow = redraw;
  dialog.scrollTop = 0;
  byId('flow-title').focus({ preventScroll: true });
  history.replaceState(null, '', `#flow-${index}`);
};

dialog.addEventListener('close', () => {
  hideTip();
  document.body.append(tip);
  history.replaceState(null, '', location.pathname + location.search);
  const index = opened;
  opened = null;
  table.select(index);
});
dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, k: -1, j: 1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const next = table.neighbour(opened, step);
  if (next !== undefined) openFlow(next);
});

/** A button that opens a flow; plain text where the flow is not among those shown. */
const flowLink = (index, text) =>
  placeOf.has(index)
    ? el(
        'button',
        { type: 'button', class: 'link', onclick: () => openFlow(index), 'aria-label': `Open flow ${index}` },
        text ?? String(index),
      )
    : el('span', {}, text ?? String(index));
