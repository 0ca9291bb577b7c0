// The table of flows: sorted, searched, and drawn only where it is looked at.

const COLUMNS = [
  { key: 'index', title: '#', class: 'number', value: (row) => row.index },
  {
    key: 'severity',
    title: '',
    label: 'Severity',
    class: 'mark',
    value: (row) => ['problem', 'warning', 'info'].indexOf(row.severity) + 1 || null,
  },
  {
    key: 'prober',
    title: 'Prober → peer',
    class: 'name',
    width: (rows) =>
      `${
        Math.min(
          45,
          rows.reduce((most, row) => Math.max(most, row.prober.length + row.peer.length + 3), 20),
        ) *
          0.49 +
        1.1
      }rem`,
    value: (row) => addressKey(row.prober),
  },
  { key: 'side', title: 'Side', class: 'side', value: (row) => row.side ?? null },
  { key: 'idle_s', title: 'Idle', class: 'number figure', cell: 0 },
  { key: 'interval_s', title: 'Interval', class: 'number figure', cell: 1 },
  { key: 'count', title: 'Count', class: 'number figure', cell: 2 },
  { key: 'answered', title: 'Answers', class: 'number figure', cell: 3 },
  { key: 'rtt_s', title: 'RTT', class: 'number figure', cell: 4 },
  { key: 'outcome', title: 'Outcome', class: 'outcome', value: (row) => row.outcome ?? row.status },
  { key: 'ending', title: 'Ending', class: 'ending', value: (row) => row.ending ?? null },
  { key: 'findings', title: 'Findings', class: 'findings', value: (row) => row.findings?.length ?? null },
];

/** Numbers in an address compare as numbers. */
const addressKey = (text) => text.replace(/\d+/g, (digits) => digits.padStart(5, '0'));

const table = (() => {
  const [viewport, head, body, search] = [byId('viewport'), byId('head'), byId('body'), byId('search')];
  let shown = rows;
  let sorting = { key: 'worst', down: false };
  let active = 0;
  let first = -1;
  let last = -1;
  let everything = false;
  let range = null;
  let texts = null;

  const narrow = matchMedia('(max-width: 720px)');
  const rowHeight = () => (narrow.matches ? 96 : 34);

  const statusWords = (row) => row.words ?? (row.status === 'probing' ? '' : words(row.status));
  const textOf = (row) =>
    [
      row.index,
      row.prober,
      '→',
      row.peer,
      row.side,
      row.status,
      row.severity,
      row.outcome && words(row.outcome),
      row.outcome,
      row.words,
      row.ending,
      ...(row.findings ?? []),
      ...(row.cells ?? []),
    ]
      .filter((part) => part !== undefined && part !== null)
      .join(' ')
      .toLowerCase();

  const drawRow = (row, place) => {
    const cells = row.cells ?? [];
    const cell = (column, ...children) =>
      el('td', { role: 'gridcell', class: `${column.class} ${column.key}`, 'data-title': column.title }, ...children);
    const outcome = row.outcome ? badge(words(row.outcome), shades.get(row.outcome) ?? 'plain') : null;
    const draw = {
      index: () => String(row.index),
      severity: () =>
        row.severity
          ? el(
              'span',
              { class: `sign ${severityShade[row.severity]}`, title: row.severity },
              severityMark[row.severity],
              el('span', { class: 'hidden' }, ` ${row.severity}`),
            )
          : null,
      prober: () =>
        el(
          'span',
          { title: visible(`${row.prober} → ${row.peer}`) },
          el('bdi', {}, row.prober),
          el('span', { class: 'faint' }, ' → '),
          el('bdi', {}, row.peer),
        ),
      side: () => row.side ?? 'both',
      outcome: () => outcome ?? words(row.status),
      ending: () => row.ending,
      findings: () => (row.findings ? el('span', { title: row.findings.join(', ') }, row.findings.join(', ')) : null),
    };
    const tr = el('tr', {
      role: 'row',
      'aria-rowindex': place + 2,
      'data-place': place,
      'data-index': row.index,
      tabindex: place === active ? 0 : -1,
      class: row.cells ? null : 'quiet',
    });
    for (const column of COLUMNS) {
      if (row.cells) tr.append(cell(column, column.cell === undefined ? draw[column.key]() : cells[column.cell]));
      // A row without figures says in their place why.
      else if (column.key === 'outcome')
        tr.append(el('td', { role: 'gridcell', class: 'words faint', colspan: 6 }, statusWords(row)));
      else if (column.cell === undefined) tr.append(cell(column, draw[column.key]()));
    }
    return tr;
  };

  /** Draws the rows in view, and empty space for the others. */
  const draw = (force) => {
    const height = rowHeight();
    const from = everything ? 0 : Math.max(0, Math.floor(viewport.scrollTop / height) - 8);
    const to = everything
      ? Math.min(shown.length, 500)
      : Math.min(shown.length, from + Math.ceil((viewport.clientHeight || 600) / height) + 20);
    if (!force && from === first && to === last) return;
    const focused = body.contains(document.activeElement);
    [first, last] = [from, to];
    const space = (rows) => {
      const tr = el('tr', { class: 'space', 'aria-hidden': 'true' });
      tr.style.height = `${rows * height}px`;
      return tr;
    };
    const parts = shown.slice(from, to).map((row, n) => drawRow(row, from + n));
    if (everything && to < shown.length)
      parts.push(el('tr', {}, el('td', { colspan: COLUMNS.length }, `… and ${counted(shown.length - to, 'more row')}`)));
    const above = from > 0 ? [space(from)] : [];
    const below = !everything && to < shown.length ? [space(shown.length - to)] : [];
    body.replaceChildren(...above, ...parts, ...below);
    if (parts.length === 0)
      body.append(
        el('tr', { class: 'none' }, el('td', { colspan: COLUMNS.length }, rows.length ? 'Nothing matches.' : 'No flow to show.')),
      );
    if (focused) rowElement(active)?.focus({ preventScroll: true });
  };

  const rowElement = (place) => body.querySelector(`[data-place="${place}"]`);

  const titleOf = (key) =>
    COLUMNS.find((column) => column.key === key)?.label ?? COLUMNS.find((column) => column.key === key)?.title ?? 'worst first';

  const say = () => {
    const all =
      shown.length === rows.length ? counted(rows.length, 'row') : `${count(shown.length)} of ${counted(rows.length, 'row')}`;
    const order =
      sorting.key === 'worst'
        ? 'worst first'
        : `by ${titleOf(sorting.key).toLowerCase()}, ${sorting.down ? 'descending' : 'ascending'}`;
    byId('announce').textContent = `${all}, ${order}`;
  };

  /** Applies search, range and order. */
  const apply = () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (terms.length) texts ??= new Map(rows.map((row) => [row, textOf(row)]));
    shown = rows.filter(
      (row) =>
        terms.every((term) => texts.get(row).includes(term)) &&
        (!range || (row[range.key] >= range.low && row[range.key] < range.high)),
    );
    if (sorting.key !== 'worst') {
      const column = COLUMNS.find((column) => column.key === sorting.key);
      const value = column.value ?? ((row) => row[column.key] ?? null);
      const sign = sorting.down ? -1 : 1;
      // What has no value stands last in either order.
      const keyed = shown.map((row) => [value(row), row]);
      keyed.sort(([a], [b]) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : (a < b ? -1 : 1) * sign));
      shown = keyed.map(([, row]) => row);
    }
    active = 0;
    viewport.scrollTop = 0;
    byId('table').setAttribute('aria-rowcount', shown.length + 1);
    draw(true);
    say();
  };

  const sortBy = (key, down) => {
    sorting = { key, down };
    for (const th of head.children)
      th.setAttribute('aria-sort', th.dataset.key !== key ? 'none' : down ? 'descending' : 'ascending');
    byId('sort').value = key;
    apply();
  };

  const move = (place) => {
    if (!shown.length) return;
    const height = rowHeight();
    rowElement(active)?.setAttribute('tabindex', '-1');
    active = Math.min(shown.length - 1, Math.max(0, place));
    const top = active * height;
    const header = head.parentElement.offsetHeight;
    if (top < viewport.scrollTop) viewport.scrollTop = top;
    else if (top + height + header > viewport.scrollTop + viewport.clientHeight)
      viewport.scrollTop = top + height + header - viewport.clientHeight;
    draw(false);
    rowElement(active)?.setAttribute('tabindex', '0');
    rowElement(active)?.focus({ preventScroll: true });
  };

  const begin = () => {
    for (const column of COLUMNS) {
      const press = () => {
        const same = sorting.key === column.key;
        // Once up, once down, and back to the worst first.
        if (same && sorting.down) sortBy('worst', false);
        else sortBy(column.key, same);
      };
      const th = el(
        'th',
        { scope: 'col', role: 'columnheader', class: column.class, 'data-key': column.key, 'aria-sort': 'none' },
        el(
          'button',
          { type: 'button', onclick: press, 'aria-label': `Sort by ${(column.label ?? column.title).toLowerCase()}` },
          column.title || '\u00a0',
        ),
      );
      if (column.width) th.style.width = column.width(rows);
      head.append(th);
    }
    byId('sort').append(
      el('option', { value: 'worst' }, 'Worst first'),
      ...COLUMNS.map((column) => el('option', { value: column.key }, `By ${(column.label ?? column.title).toLowerCase()}`)),
    );
    byId('sort').addEventListener('change', (event) => sortBy(event.target.value, false));
    search.addEventListener('input', apply);
    byId('filter').addEventListener('click', () => filter(null));
    let waiting = false;
    viewport.addEventListener(
      'scroll',
      () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          draw(false);
        });
      },
      { passive: true },
    );
    narrow.addEventListener('change', () => draw(true));
    addEventListener('resize', () => draw(false));
    body.addEventListener('click', (event) => {
      const tr = event.target.closest('tr[data-place]');
      if (!tr || getSelection().toString()) return;
      move(Number(tr.dataset.place));
      openFlow(Number(tr.dataset.index));
    });
    body.addEventListener('focusin', (event) => {
      const place = event.target.closest('tr[data-place]')?.dataset.place;
      if (place !== undefined) active = Number(place);
    });
    body.addEventListener('keydown', (event) => {
      const page = Math.max(1, Math.floor(viewport.clientHeight / rowHeight()) - 2);
      const to = {
        ArrowDown: active + 1,
        ArrowUp: active - 1,
        PageDown: active + page,
        PageUp: active - page,
        Home: 0,
        End: shown.length - 1,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        move(to);
      } else if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        const tr = event.target.closest('tr[data-index]');
        if (tr) openFlow(Number(tr.dataset.index));
      }
    });
    addEventListener('beforeprint', () => {
      everything = true;
      draw(true);
    });
    addEventListener('afterprint', () => {
      everything = false;
      draw(true);
    });
    byId('table').setAttribute('aria-colcount', COLUMNS.length);
    apply();
  };

  /** Shows only rows whose figure lies in a range; all with null. */
  const filter = (to) => {
    range = to;
    const button = byId('filter');
    button.hidden = !to;
    button.textContent = to ? `${to.title} ${duration(to.low)} to ${duration(to.high)}  ✕` : '';
    apply();
    if (to) byId('flows').scrollIntoView({ block: 'start' });
  };

  /** Searches for words. */
  const find = (text) => {
    search.value = text;
    filter(null);
    byId('flows').scrollIntoView({ block: 'start' });
  };

  /** The number of the flow before or after the one with this number, as the table stands. */
  const neighbour = (index, step) => {
    let at = shown.findIndex((row) => row.index === index);
    while (at >= 0 && shown[at]?.index === index) at += step;
    return shown[at]?.index;
  };

  const focus = () => move(active);
  const select = (index) => {
    const at = shown.findIndex((row) => row.index === index);
    if (at >= 0) move(at);
  };

  return { begin, filter, find, neighbour, focus, select };
})();
