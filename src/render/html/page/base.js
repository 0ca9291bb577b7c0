// What all parts use: elements made of text, numbers as people say them, the data.

const SVG = 'http://www.w3.org/2000/svg';
const UNKNOWN = '—';

/** Text from outside as it may be shown: control characters and what reorders or hides text are written out. */
const visible = (text) =>
  String(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/gu,
    (c) => `\\u{${c.codePointAt(0).toString(16)}}`,
  );

/** An element; strings among its children are text, never markup. */
const make = (parent, attributes, children) => {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) parent.addEventListener(name.slice(2), value);
    else parent.setAttribute(name, value === true ? '' : visible(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === '') continue;
    parent.append(child instanceof Node ? child : visible(child));
  }
  return parent;
};
const el = (tag, attributes, ...children) => make(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => make(document.createElementNS(SVG, tag), attributes, children);
const byId = (id) => document.getElementById(id);

const count = (number) => number.toLocaleString('en-US');
const counted = (number, thing) => `${count(number)} ${thing}${number === 1 ? '' : 's'}`;

/** Three significant figures, or the two largest units: as the text report says it. */
const duration = (seconds) => {
  const three = (value) => value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  const whole = Math.round(seconds);
  if (whole < 120) {
    if (seconds < 0.0009995) return `${three(seconds * 1e6)}\u00a0µs`;
    if (seconds < 0.9995) return `${three(seconds * 1e3)}\u00a0ms`;
    return `${three(seconds)}\u00a0s`;
  }
  const two = (value, unit, rest, smaller) => `${Math.floor(value)}\u00a0${unit} ${Math.floor(rest)}\u00a0${smaller}`;
  if (whole < 3600) return two(whole / 60, 'min', whole % 60, 's');
  if (whole < 172800) return two(whole / 3600, 'h', (whole / 60) % 60, 'min');
  return two(whole / 86400, 'd', (whole / 3600) % 24, 'h');
};

/** A round duration on an axis, in the largest unit of which it is a whole number: `60 s`, `230 s`, `5 min`, `1 h`. */
const brief = (seconds) => {
  if (seconds < 1) return duration(seconds).replace(/\.0+/, '');
  const units = [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ];
  const [size, unit] = units.find(([size]) => seconds > 60 && seconds % size === 0) ?? [1, 's'];
  return `${Number((seconds / size).toFixed(1))}\u00a0${unit}`;
};

/** A moment on an axis, from the capture's start: `62 s`, `9:20`, `2:00:05`. */
const offset = (seconds, step) => {
  if (step < 60 && seconds < 600) return `${seconds.toFixed(Math.max(0, Math.ceil(-Math.log10(step))))}\u00a0s`;
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  const rest = step < 1 ? (seconds % 60).toFixed(Math.ceil(-Math.log10(step))).padStart(4, '0') : two(seconds % 60);
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${two((seconds / 60) % 60)}:${rest}` : `${Math.floor(seconds / 60)}:${rest}`;
};

const words = (name) => name.replaceAll('_', ' ');
const json = (id) => JSON.parse(byId(id).textContent);

const overview = json('overview');
const rows = json('rows');
const shades = new Map(overview.shades);
const placeOf = new Map(rows.map((row) => [row.index, row.place]));

/** Seconds from the capture's first frame to an RFC 3339 time; whole and broken seconds apart, as a double has no room for both. */
const since = (() => {
  const parts = (time) => [Date.parse(`${time.slice(0, 19)}Z`) / 1000, Number(`0${time.slice(19, -1)}`)];
  const [whole, broken] = overview.capture.start ? parts(overview.capture.start) : [0, 0];
  return (time) => {
    const [seconds, rest] = parts(time);
    return seconds - whole + (rest - broken);
  };
})();

const severityMark = { problem: '!!', warning: '!', info: 'i' };

/** A word in the colour of a severity or an outcome. */
const badge = (text, shade) => el('span', { class: `badge ${shade}` }, text);
const severityShade = { problem: 'bad', warning: 'doubtful', info: 'plain' };

/** A button that copies text, and says so. */
const copyButton = (text, what) =>
  el(
    'button',
    {
      type: 'button',
      class: 'copy',
      'aria-label': `Copy ${what}`,
      onclick: async (event) => {
        const button = event.currentTarget;
        let done = true;
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          // Pages from a file may not use the clipboard; what is selected can still be copied.
          const area = el('textarea', { class: 'hidden' });
          area.value = text;
          button.after(area);
          area.select();
          done = document.execCommand('copy');
          area.remove();
          button.focus();
        }
        button.textContent = done ? 'copied' : 'select and copy by hand';
        setTimeout(() => {
          button.textContent = 'copy';
        }, 1500);
      },
    },
    'copy',
  );

/** Shows the label of what is hovered or focused. */
const tip = byId('tip');
const showTip = (target) => {
  const layer = target.closest('dialog') ?? document.body;
  layer.append(tip);
  tip.textContent = target.getAttribute('aria-label');
  tip.hidden = false;
  const [at, size] = [target.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(Math.max(8, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 8);
  const above = at.top - size.height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
};
const hideTip = () => {
  tip.hidden = true;
};
const tipped = {
  onmouseenter: (e) => showTip(e.currentTarget),
  onmouseleave: hideTip,
  onfocus: (e) => showTip(e.currentTarget),
  onblur: hideTip,
};

/** Arrow keys walk over the marks of a picture; only one of them is a stop of the Tab key. */
const walkable = (picture) => {
  const marks = [...picture.querySelectorAll('[data-mark]')];
  const order = marks
    .map((mark) => [Number(mark.dataset.mark), mark])
    .sort((a, b) => a[0] - b[0])
    .map(([, mark]) => mark);
  order.forEach((mark, place) => mark.setAttribute('tabindex', place === 0 ? '0' : '-1'));
  picture.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    const here = order.indexOf(document.activeElement);
    if (step === undefined || here < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = order[Math.min(order.length - 1, Math.max(0, here + step))];
    order[here].setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  });
};
