// What the page tells before any flow is opened.

const flowsOf = (indexes, total, id) => {
  const more = total - indexes.length;
  return [
    el('span', { class: 'faint' }, total === 1 ? 'flow ' : 'flows '),
    ...indexes.flatMap((index) => [flowLink(index), ' ']),
    more > 0 ? el('button', { type: 'button', class: 'link', onclick: () => table.find(id) }, `+ ${count(more)}`) : null,
  ];
};

const drawSummary = () => {
  byId('headline').className = overview.headline.shade;
  byId('facts').textContent = visible(overview.facts.join(' · '));
  const ends = overview.outcomes.reduce((sum, outcome) => sum + outcome.ends, 0);
  if (ends) {
    const bar = el(
      'div',
      { class: 'stack', 'aria-hidden': 'true' },
      ...overview.outcomes.map((outcome) => {
        const part = el('span', { class: outcome.shade });
        part.style.flexGrow = outcome.ends;
        return part;
      }),
    );
    byId('outcomes').append(
      bar,
      el(
        'p',
        { class: 'outcomes' },
        el('span', { class: 'faint' }, `${counted(ends, 'probing end')}: `),
        ...overview.outcomes.map((outcome) =>
          el(
            'button',
            {
              type: 'button',
              class: `link ${outcome.shade}`,
              onclick: () => table.find(outcome.name),
              'aria-label': `Show the flows that are ${outcome.words}`,
            },
            `${count(outcome.ends)} ${outcome.words}`,
          ),
        ),
      ),
    );
  }
  byId('stories').append(
    ...overview.stories.map((story) =>
      el(
        'article',
        { class: severityShade[story.severity] ?? 'plain' },
        el('h3', {}, flowLink(story.index, story.name), el('span', { class: 'faint' }, ` flow ${story.index}`)),
        el('p', {}, story.words),
      ),
    ),
  );
  const across = overview.across.filter((finding) => finding.severity !== 'info');
  if (across.length) {
    byId('across').append(
      el('h3', {}, 'Across connections'),
      el(
        'ul',
        { class: 'list' },
        ...across.map((finding) => {
          const item = findingItem(finding);
          item.lastElementChild.append(el('p', {}, ...flowsOf(finding.flows.slice(0, 24), finding.flows_total, finding.id)));
          return item;
        }),
      ),
    );
  }
};

const drawFindings = () => {
  const groups = overview.findings;
  byId('findings').hidden = groups.length === 0;
  byId('groups').replaceChildren(
    el(
      'ul',
      { class: 'list' },
      ...groups.map((group) =>
        el(
          'li',
          { class: `finding ${severityShade[group.severity]}` },
          badge(group.severity, severityShade[group.severity]),
          el(
            'div',
            {},
            el('p', {}, el('code', {}, group.id), el('span', { class: 'faint' }, ` ${counted(group.flows_total, 'flow')}`)),
            el('p', {}, group.flows_total > 1 ? el('span', { class: 'faint' }, 'for example: ') : null, group.text),
            el('p', {}, ...flowsOf(group.flows, group.flows_total, group.id)),
          ),
        ),
      ),
    ),
  );
};

const drawCapture = () => {
  const { capture, summary } = overview;
  const warnings = capture.warnings;
  if (warnings.length)
    byId('warnings').append(
      el(
        'ul',
        { class: 'list' },
        ...warnings
          .slice(0, 50)
          .map((warning) =>
            el('li', { class: 'finding doubtful' }, badge('warning', 'doubtful'), el('div', {}, el('p', {}, warning))),
          ),
      ),
    );
  if (warnings.length > 50) byId('warnings').append(el('p', { class: 'faint' }, counted(warnings.length - 50, 'more warning')));
  const skipped = Object.entries(capture.skipped)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${count(number)} ${words(name)}`)
    .join(', ');
  const dropped = capture.dropped
    ? `${count(capture.dropped.kernel)} by the kernel, ${count(capture.dropped.interface)} by the interface`
    : 'not told';
  const sources =
    capture.sources.length > 6
      ? [...capture.sources.slice(0, 5), `… ${count(capture.sources.length - 5)} more`]
      : capture.sources;
  const facts = [
    ['Read', sources.join(', ')],
    ['From', capture.start ? `${capture.start.replace('T', ' ').slice(0, 26)} UTC` : UNKNOWN],
    ['For', capture.duration_s === null ? UNKNOWN : duration(capture.duration_s)],
    ['Frames', count(capture.frames)],
    ['Octets', count(capture.bytes)],
    ['TCP segments', count(capture.segments)],
    ['ICMP errors', count(capture.icmp_errors)],
    ['Duplicates', count(capture.duplicates)],
    ['Not TCP', skipped || '0'],
    ['Dropped', dropped],
    ['Clock ran back', counted(capture.time_steps, 'time')],
    ['Flows', count(summary.flows)],
    ['With probes', count(summary.flows_with_probes)],
    ['Probes', `${count(summary.probes)}, ${count(summary.answered)} answered`],
    ['Evicted', counted(capture.evicted_flows, 'flow')],
  ];
  byId('counts').append(...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  byId('notes').append(...overview.notes.map((note) => el('li', {}, note)));
  byId('generator').textContent = visible(
    `Made by ${overview.generator.name} ${overview.generator.version}. This page is one file, loads nothing and sends nothing.`,
  );
};
