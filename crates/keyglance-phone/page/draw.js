// @ts-check
// Codes, and the picture of two screens that find each other.

const QUIET_ZONE = 4;

/** Lengths that are whole in CSS pixels and in those of the screen are multiples of this. @param {number} ratio */
function grid(ratio) {
  for (let n = 1; n <= 16; n++) {
    if (Math.abs(n * ratio - Math.round(n * ratio)) < 0.01) return n;
  }
  return 1 / ratio;
}

/**
 * Draws a code, black on white, a whole number of the screen's pixels a module.
 * @param {HTMLCanvasElement} canvas in a panel of its own, as wide as there is room
 * @param {number} side @param {Uint8Array} modules 1 is dark
 * @param {number} room the most that it may be wide and high, in CSS pixels
 */
function drawCode(canvas, side, modules, room) {
  const whole = side + 2 * QUIET_ZONE;
  const ratio = devicePixelRatio || 1;
  const step = grid(ratio);
  const most = Math.floor(room / step + 1e-6) * step;
  const module = Math.max(1, Math.floor(most * ratio / whole + 1e-6));
  const length = Math.ceil(whole * module / ratio / step - 1e-6) * step;
  const pixels = Math.round(length * ratio);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  if (canvas.style.width !== `${length}px`) canvas.style.width = canvas.style.height = `${length}px`;
  place(canvas, step);
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, pixels, pixels);
  paint.fillStyle = '#000';
  const edge = QUIET_ZONE * module + Math.floor((pixels - whole * module) / 2);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (modules[y * side + x]) paint.fillRect(edge + x * module, edge + y * module, module, module);
    }
  }
}

/** Puts the canvas onto the screen's own pixels. @param {HTMLCanvasElement} canvas @param {number} step */
function place(canvas, step) {
  canvas.style.left = canvas.style.top = '0';
  const box = canvas.getBoundingClientRect();
  const [x, y] = [box.left + scrollX, box.top + scrollY];
  canvas.style.left = `${Math.floor(x / step + 1e-3) * step - x}px`;
  canvas.style.top = `${Math.ceil(y / step - 1e-3) * step - y}px`;
}

/** How much room a code has: in portrait the width, in landscape the height. */
function codeRoom() {
  const width = document.documentElement.clientWidth;
  const height = window.visualViewport ? Math.max(innerHeight, visualViewport?.height ?? 0) : innerHeight;
  return isLandscape() ? Math.min(width * 0.5, height - 24) : Math.min(width, height * 0.7);
}

const isLandscape = () => matchMedia('(orientation: landscape) and (max-height: 560px)').matches;

/** The panel that a code lies on: white, whatever the theme. @param {string} id @param {string} label */
function codePanel(id, label) {
  const canvas = h('canvas', { id, role: 'img', 'aria-label': label, width: 1, height: 1 });
  return { panel: h('div', { class: 'code-panel' }, canvas), canvas };
}

/** The mark: two screens that closed up, and the key between them. @param {string} [label] */
function mark(label) {
  return s('svg', { viewBox: '0 0 170 140', class: 'mark', role: label ? 'img' : null, 'aria-label': label, 'aria-hidden': label ? null : 'true' },
    s('path', { class: 'ours', d: 'M4 9 Q4 1 12 3.4 L79 23 V33.4 A23.5 23.5 0 0 0 79 78.6 V117 L12 136.6 Q4 139 4 131 Z' }),
    s('path', { class: 'theirs', d: 'M166 9 Q166 1 158 3.4 L91 23 V33.4 A23.5 23.5 0 0 1 91 78.6 V80 H114 V91 H91 V97 H106 V108 H91 V117 L158 136.6 Q166 139 166 131 Z' }),
    s('circle', { class: 'gold', cx: 85, cy: 56, r: 11.5 }));
}

/**
 * How far a pairing has come, as a picture: 0 looking, 1 seen, 2 agreed.
 * @param {number} stage
 */
function scene(stage) {
  const bits = (/** @type {string} */ kind, /** @type {number} */ x, /** @type {number} */ way) => s('g', { class: kind },
    s('path', { d: `M${x} 18 l${way * 13} 4 v13 l${way * -13} -2 z M${x} 52 l${way * 13} -1 v13 l${way * -13} 3 z`, fill: 'none', 'stroke-width': 4, 'stroke-linejoin': 'round' }),
    s('path', { d: `M${x + way * 19} 51 l${way * 10} -1.5 M${x + way * 19} 61 l${way * 10} -2`, fill: 'none', 'stroke-width': 4, 'stroke-linecap': 'round' }));
  const left = 'M4 8 Q4 3 9 4.4 L46 15 Q49 16 49 19 V66 Q49 69 46 70 L9 80.6 Q4 82 4 77 Z';
  const right = 'M396 8 Q396 3 391 4.4 L354 15 Q351 16 351 19 V66 Q351 69 354 70 L391 80.6 Q396 82 396 77 Z';
  const line = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to) =>
    s('path', { class: kind, d: `M${from} 42.5 H${to}`, 'stroke-width': 5, 'stroke-linecap': 'round', fill: 'none' });
  return s('svg', { viewBox: '0 0 400 85', class: `scene stage-${stage}`, 'aria-hidden': 'true' },
    s('path', { class: 'ours', d: left }), bits('bits-ours', 12, 1),
    s('path', { class: stage ? 'theirs' : 'missing', d: right }),
    ...(stage ? [bits('bits-theirs', 388, -1)] : []),
    ...(stage === 0 ? [80, 110, 140].map((x, i) => s('circle', { class: `gold dot-${i}`, cx: x, cy: 42.5, r: 7 })) : []),
    ...(stage ? [line('line-ours', 68, 162)] : []),
    ...(stage === 1 ? [line('line-missing', 240, 332)] : []),
    ...(stage === 2 ? [line('line-theirs', 238, 332), s('circle', { class: 'ring', cx: 200, cy: 42.5, r: 21, 'stroke-width': 6 })] : []),
    ...(stage ? [s('circle', { class: 'gold', cx: 200, cy: 42.5, r: 11 })] : []));
}
