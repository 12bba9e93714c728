// @ts-check
// Elements and screens. Every text goes in as text.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Attributes
 */

/** @param {Element} element @param {Attributes} attributes @param {Child[]} children */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, `${value}`);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => /** @type {Node | string} */ (child)));
}

/**
 * An element with attributes, listeners (functions) and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes} [attributes] @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** The same for drawings. @param {string} tag @param {Attributes} attributes @param {Element[]} children */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * A button. What it does may take long: it cannot be pressed twice meanwhile.
 * @param {string} text @param {() => unknown} press
 * @param {{ id?: string, kind?: 'main' | 'plain' | 'danger' | 'quiet', label?: string }} [how]
 */
function button(text, press, { id, kind = 'plain', label } = {}) {
  const element = h('button', { type: 'button', id, class: kind, 'aria-label': label }, text);
  let isBusy = false;
  element.addEventListener('click', async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await press();
    } finally {
      isBusy = false;
    }
  });
  return element;
}

/**
 * A row that leads on: what it does, and a word about it. All of it can be pressed.
 * @param {string} text @param {string | null} hint @param {() => unknown} press
 * @param {{ id: string, isOff?: boolean }} how
 */
function row(text, hint, press, { id, isOff = false }) {
  const element = button(text, press, { id, kind: 'plain' });
  element.disabled = isOff;
  if (hint) element.setAttribute('aria-describedby', `${id}-hint`);
  return h('div', { class: isOff ? 'row is-off' : 'row', id: `${id}-row` },
    element, hint ? h('span', { class: 'hint', id: `${id}-hint` }, hint) : null);
}

/** A field with its label and a word about it. @param {string} label @param {Attributes} attributes @param {string} [hint] */
function field(label, attributes, hint) {
  const id = `${attributes.id}`;
  const input = h('input', {
    type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', ...attributes,
    'aria-describedby': hint ? `${id}-hint` : null,
  });
  const element = h('div', { class: 'field' },
    h('label', { for: id }, label), input, hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null);
  return { element, input };
}

/** Where a problem is told as soon as there is one. */
function problem(id = 'problem') {
  const element = h('p', { id, role: 'alert', class: 'problem' });
  return { element, tell: (/** @type {string} */ text) => tell(element, text) };
}

/** Where it is told how things are. */
function statusLine(id = 'status') {
  const element = h('p', { id, role: 'status', class: 'status' });
  return { element, tell: (/** @type {string} */ text) => tell(element, text) };
}

/** @param {HTMLElement} element @param {string} text */
function tell(element, text) {
  if (element.textContent === text && text) {
    // The same again is to be read again.
    element.textContent = '';
    requestAnimationFrame(() => (element.textContent = text));
  } else {
    element.textContent = text;
  }
}

/** A sentence begins with a capital letter and ends with a full stop. @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.+$/, '')}.`;

/** What the page is called. */
const TITLE = document.title;

/** What is on the screen. */
const shown = { id: '', leave: /** @type {(() => void) | null} */ (null) };

/**
 * Puts a screen in the place of the one that is there.
 * @param {string} id
 * @param {{ heading: string, headingClass?: string, back?: (() => unknown) | null, leave?: () => void, focus?: HTMLElement }} how
 * @param {Child[]} children
 */
function show(id, { heading, headingClass, back, leave, focus }, ...children) {
  shown.leave?.();
  shown.id = id;
  shown.leave = leave ?? null;
  const title = h('h1', { id: 'heading', tabindex: '-1' }, heading);
  const main = /** @type {HTMLElement} */ (document.getElementById('main'));
  const top = h('header', {}, back ? backButton(back) : null, title);
  const body = h('div', { class: 'body' }, ...children);
  main.className = `screen-${id} ${headingClass ?? ''}`;
  main.replaceChildren(top, body);
  document.title = heading === WORDS.title ? TITLE : `${TITLE}: ${heading}`;
  scrollTo(0, 0);
  if (ready) (focus ?? title).focus({ preventScroll: !focus });
}

/** Nothing takes the focus before a person did something. */
let ready = false;

/** @param {() => unknown} press */
function backButton(press) {
  const element = button('', press, { id: 'back', kind: 'quiet', label: WORDS.back });
  element.append(s('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' },
    s('path', { d: 'M15 5 L8 12 L15 19', fill: 'none', stroke: 'currentColor', 'stroke-width': 2.5, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' })));
  return element;
}

/**
 * A file that a person chooses. The input is there for who looks for it by its label.
 * @param {string} id @param {string} label @param {(file: File) => unknown} take @param {string} [accept]
 */
function fileInput(id, label, take, accept) {
  const input = h('input', { type: 'file', id, 'aria-label': label, accept, class: 'file', tabindex: '-1', hidden: true });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file);
    input.value = '';
  });
  return input;
}

/**
 * A sentence with somebody's name in it, which may be written in the other direction.
 * @param {(name: string) => string} words @param {string} name @returns {Child[]}
 */
function named(words, name) {
  const parts = words('\0').split('\0');
  return parts.flatMap((part, i) => (i ? [h('bdi', {}, name), part] : [part]));
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 1000 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Whether movement is to be kept small. */
const isMotionReduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The page failed: what was on it is wiped, and said. */
function failPage() {
  try {
    new Uint8Array(core.memory.buffer).fill(0);
  } catch {
    // It was never there.
  }
  key.forget();
  camera.stop();
  show('failed', { heading: WORDS.blocked.failedHeading },
    h('p', { role: 'alert', class: 'problem' }, WORDS.blocked.failed),
    h('p', {}, WORDS.blocked.failedHint),
    button(WORDS.startAgain, () => location.reload(), { id: 'start-again', kind: 'main' }));
}
