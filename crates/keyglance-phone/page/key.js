// @ts-check
// The key that is on this page: what next, a file of it, and its end.

/** What is known of a key. @typedef {{
 *   peer: string, suite: number, post_quantum: boolean, role: string, acknowledged: boolean,
 *   compared: boolean, claimed: string | null, imported: boolean, check_code: string | null,
 *   entries_left: number, key_id: string, safety_number: string
 * }} Summary */

const MINUTE = 60000;
/** Untouched for so long, the key is hidden; warned of; and wiped. */
const IDLE = { hide: 10 * MINUTE, warn: 28 * MINUTE, wipe: 30 * MINUTE };

const key = {
  isHeld: false,
  /** When the page was touched last, by both clocks: one of them may stand still. */
  touched: { steady: 0, wall: 0 },
  isVeiled: false,
  timer: 0,

  /** There is a key from now on. */
  take() {
    this.isHeld = true;
    this.touch();
    addEventListener('beforeunload', askBeforeLeaving);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.watch(), 1000);
  },

  /** There is none any more. */
  forget() {
    this.isHeld = false;
    removeEventListener('beforeunload', askBeforeLeaving);
    clearInterval(this.timer);
    this.unveil();
    clearCopied();
  },

  /** What is known of it. @returns {Summary | null} */
  summary() {
    try {
      return withCore((core) => core.json('summary', '', Date.now()));
    } catch (error) {
      if (isRefusal(error)) showStart();
      return null;
    }
  },

  /** Wipes everything. */
  wipe() {
    try {
      withCore((core) => core.calls.wipe());
    } finally {
      this.forget();
    }
  },

  touch() {
    this.touched = { steady: now(), wall: Date.now() };
  },

  /** Hides or wipes a key that nobody touches. */
  watch() {
    const idle = Math.max(now() - this.touched.steady, Date.now() - this.touched.wall);
    if (idle >= IDLE.wipe) {
      this.wipe();
      return showStart(WORDS.key.wiped);
    }
    if (idle >= IDLE.hide && !this.isVeiled) this.veil();
    if (this.isVeiled) {
      const warning = /** @type {HTMLElement} */ (document.getElementById('veil-warning'));
      const text = idle >= IDLE.warn ? WORDS.key.warning : '';
      if (warning.textContent !== text) warning.textContent = text;
    }
  },

  /** Covers the screen as it is. */
  veil() {
    this.isVeiled = true;
    const main = /** @type {HTMLElement} */ (document.getElementById('main'));
    main.hidden = true;
    const heading = h('h1', { tabindex: '-1' }, WORDS.key.hidden);
    main.after(h('main', { id: 'veil' }, h('div', { class: 'body' },
      h('div', { class: 'hero' }, mark()), heading, h('p', {}, WORDS.key.hiddenHint),
      h('p', { id: 'veil-warning', role: 'alert', class: 'problem' }),
      button(WORDS.show, () => {
        this.touch();
        this.unveil();
      }, { id: 'show', kind: 'main' }))));
    heading.focus();
  },

  unveil() {
    this.isVeiled = false;
    document.getElementById('veil')?.remove();
    const main = document.getElementById('main');
    if (main) main.hidden = false;
  },
};

/** @param {Event} event */
function askBeforeLeaving(event) {
  event.preventDefault();
  return '';
}

for (const kind of ['pointerdown', 'keydown', 'input']) {
  addEventListener(kind, () => {
    ready = true;
    if (!key.isVeiled) key.touch();
  }, { capture: true, passive: true });
}

/** Whether it was compared, wherever the key is used. @param {Summary} summary */
function trustLine(summary) {
  if (summary.compared) return h('p', { class: 'trust done' }, glyph('done'), WORDS.key.compared);
  const words = summary.claimed ? WORDS.key.claimed : summary.imported ? WORDS.key.imported : WORDS.key.notCompared;
  return h('div', { class: 'trust open' },
    h('p', {}, glyph('open'), words),
    summary.check_code && summary.acknowledged
      ? button(WORDS.key.compareNow, () => showCompare(), { id: 'compare', kind: 'quiet' }) : null);
}

/** A shape beside words. @param {'done' | 'open'} kind */
function glyph(kind) {
  return s('svg', { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' },
    ...(kind === 'done'
      ? [s('circle', { cx: 12, cy: 12, r: 11, class: 'disc' }), s('path', {
        class: 'tick', d: 'M6.5 12.5 L10.5 16.5 L17.5 8.5', fill: 'none', 'stroke-width': 2.5, 'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
      })]
      : [s('circle', { cx: 12, cy: 12, r: 10, fill: 'none', class: 'ring', 'stroke-width': 2.5 })]));
}

/** What next? */
function showKey(/** @type {string} */ notice = '') {
  const summary = key.summary();
  if (!summary) return;
  const { peer } = summary;
  const told = statusLine();
  const opens = fileInput('open-file', WORDS.key.openSealed, (file) => runFile('open', file, summary));
  const seals = fileInput('seal-file', WORDS.key.sealFor, (file) => runFile('seal', file, summary));
  let shared = [];
  try {
    shared = withCore((core) => core.json('card'));
  } catch (error) {
    if (!isRefusal(error)) return;
  }
  const locked = summary.acknowledged ? null : h('div', { class: 'card problem-card' },
    h('p', { role: 'alert' }, WORDS.key.locked),
    button(WORDS.pair.confirm, () => {
      try {
        withCore((core) => core.call('acknowledge'));
      } catch (error) {
        if (!isRefusal(error)) return;
      }
      showKey();
    }, { id: 'confirm', kind: 'main' }));
  show('key', { heading: WORDS.key.heading },
    h('div', { class: 'hero small' }, mark()),
    h('p', { class: 'lead' }, ...named(WORDS.key.share, peer), ' ', WORDS.key.onlyHere),
    trustLine(summary),
    summary.post_quantum ? h('p', { class: 'hint' }, WORDS.key.quantum) : null,
    told.element,
    locked,
    summary.acknowledged ? h('div', { class: 'rows' },
      row(WORDS.key.use, WORDS.key.useHint, () => showUse(), { id: 'use' }),
      row(WORDS.key.save, WORDS.key.saveHint, () => showSave(), { id: 'save-key' }),
      row(WORDS.key.openSealed, null, () => opens.click(), { id: 'open-sealed' }),
      row(WORDS.key.sealFor, null, () => seals.click(), { id: 'seal' }),
      shared.length ? row(WORDS.key.shared, null, () => showShared(), { id: 'shared' }) : null) : null,
    opens, seals,
    button(WORDS.key.delete, () => showDelete(), { id: 'delete', kind: 'danger' }),
    h('p', { class: 'hint' }, WORDS.key.mayEnd));
  if (notice) told.tell(notice);
}

function showDelete() {
  const peer = key.summary()?.peer ?? '';
  show('delete', { heading: WORDS.key.reallyDelete, back: () => showKey() },
    h('p', {}, ...named(WORDS.key.deleteHint, peer)),
    h('div', { class: 'stack' },
      button(WORDS.key.deleteKey, () => {
        key.wipe();
        showStart(WORDS.key.deleted);
      }, { id: 'delete-key', kind: 'danger' }),
      button(WORDS.key.keepIt, () => showKey(), { id: 'keep' })));
}

/** The key file under a passphrase. */
function showSave() {
  const trouble = problem();
  const told = statusLine();
  const hidden = { type: 'password', autocomplete: 'new-password' };
  const first = field(WORDS.key.passphrase, { ...hidden, id: 'passphrase' }, WORDS.key.passphraseHint);
  const second = field(WORDS.key.repeat, { ...hidden, id: 'repeat' });
  const make = h('button', { type: 'submit', id: 'make', class: 'main' }, WORDS.key.make);
  const form = h('form', { class: 'stack' }, first.element, second.element, trouble.element, make);
  const job = { stop: () => {} };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble.tell('');
    if (make.disabled) return;
    const passphrase = first.input.value;
    if (!passphrase) return trouble.tell(WORDS.key.empty);
    if (passphrase !== second.input.value) return trouble.tell(WORDS.key.differ);
    make.disabled = true;
    told.tell(WORDS.key.making);
    try {
      const plain = withCore((core) => core.call('key_json'));
      const name = keyFileName();
      const { bytes } = await startJob(job, { task: 'key-file', plain, passphrase });
      first.input.value = second.input.value = '';
      showResult({
        heading: WORDS.key.saveHeading, words: [WORDS.key.made],
        file: new File([bytes], name, { type: 'application/octet-stream' }), back: () => showKey(),
      });
    } catch (error) {
      if (!isRefusal(error)) return;
      trouble.tell(error.error === 'memory' ? WORDS.key.noMemory : sentence(error.text));
    } finally {
      make.disabled = false;
      told.tell('');
    }
  });
  show('save', { heading: WORDS.key.saveHeading, back: () => showKey(), leave: () => job.stop() },
    h('p', { class: 'lead' }, WORDS.key.saveWhy), form, told.element);
}

/** As the program names it. */
function keyFileName() {
  const targets = withCore((core) => core.json('targets'));
  const name = targets.find((/** @type {any} */ target) => target.name === 'keyglance')?.file_name;
  return `${name ?? 'key.keyglance'}.age`;
}

/** Opens a key file in the place of nothing. @param {File} file */
async function openKeyFile(file) {
  const trouble = problem();
  const told = statusLine();
  const entry = field(WORDS.key.ofFile, { id: 'file-passphrase', type: 'password', autocomplete: 'off' });
  const open = h('button', { type: 'submit', id: 'open', class: 'main' }, WORDS.open);
  const form = h('form', { class: 'stack', hidden: true },
    h('p', {}, WORDS.key.protected), entry.element, trouble.element, open);
  const job = { stop: () => {} };
  const another = fileInput('key-file', WORDS.start.openKey, (file) => openKeyFile(file));
  const choose = button(WORDS.key.choose, () => another.click(), { id: 'choose' });
  const lost = problem('file-problem');
  choose.hidden = true;
  show('open-key', { heading: WORDS.key.openHeading, back: () => showStart(), leave: () => job.stop() },
    h('p', { class: 'file-name' }, h('bdi', {}, file.name)), form, told.element, lost.element, choose, another);

  /** @param {string} passphrase */
  const attempt = async (passphrase) => {
    if (open.disabled) return;
    trouble.tell('');
    told.tell(WORDS.key.opening);
    open.disabled = true;
    try {
      // No key file is nearly as large.
      if (file.size > 1048576) throw { error: 'file', text: 'this is not a key file' };
      const sealed = new Uint8Array(await file.arrayBuffer());
      const { bytes } = await startJob(job, { task: 'import', sealed, passphrase });
      const input = new Uint8Array(4 + bytes.length);
      input.set(bytes, 4);
      withCore((core) => core.call('import', input, Date.now()));
      bytes.fill(0);
      input.fill(0);
      entry.input.value = '';
      key.take();
      showKey();
    } catch (error) {
      told.tell('');
      if (error instanceof DOMException) return lost.tell(WORDS.files.unread);
      if (!isRefusal(error)) return;
      if (error.error === 'passphrase' && !passphrase) {
        form.hidden = false;
        entry.input.focus();
      } else if (error.error === 'passphrase') {
        trouble.tell(WORDS.key.wrongPassphrase);
        entry.input.select();
      } else {
        form.hidden = true;
        choose.hidden = false;
        lost.tell(error.error === 'memory' ? WORDS.key.noMemoryToOpen : sentence(error.text));
      }
    } finally {
      open.disabled = false;
      if (shown.id === 'open-key') told.tell('');
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (entry.input.value) attempt(entry.input.value);
    else trouble.tell(WORDS.key.empty);
  });
  await attempt('');
}
