// @ts-check
// What the key is used for, and how what is made of it leaves the page.

/** One use. @typedef {{
 *   name: string, title: string, summary: string, extension: string, file_name: string | null,
 *   binary: boolean, danger: string, public: boolean, code: boolean, scanned_by: string | null,
 *   options: { name: string, summary: string, kind: 'text' | 'choice' | 'flag', default: string, choices: string[] }[],
 *   refused: string | null
 * }} Target */

/** A phone's own uses, in this order; all others stand under More. */
const TILES = ['keepassxc', 'wireguard', 'age', 'age-pq', 'words', 'passphrase', 'wifi', 'totp'];

/** A flag that is set, as the module takes it. */
const ON = 'yes';

function showUse() {
  const summary = key.summary();
  if (!summary) return;
  /** @type {Target[]} */
  const targets = withCore((core) => core.json('targets'));
  const tiles = TILES.map((name) => targets.find((target) => target.name === name)).filter((target) => target !== undefined);
  const isOnCard = (/** @type {Target} */ target) => target.public && target.refused;
  // The whole key in the open is no use; it is saved under a passphrase. What they did not
  // share cannot be made.
  const others = targets.filter((target) => !TILES.includes(target.name) && target.name !== 'keyglance' && !isOnCard(target));
  const tile = (/** @type {Target} */ target) => {
    const [title, hint] = WORDS.use.tiles[target.name] ?? [target.title, sentence(target.summary).replace(/\.$/, '')];
    const isOff = target.refused !== null;
    return row(title, isOff ? WORDS.use.notForKey : hint, () => showTarget(target, title), { id: `target-${target.name}`, isOff });
  };
  show('use', { heading: WORDS.use.heading, back: () => showKey() },
    h('p', { class: 'lead' }, ...named(WORDS.use.intro, summary.peer)),
    trustLine(summary),
    h('div', { class: 'tiles' }, ...tiles.map(tile)),
    h('details', { id: 'more' }, h('summary', {}, WORDS.use.more), h('div', { class: 'tiles' }, ...others.map(tile))),
    h('p', { class: 'hint' }, WORDS.use.noApps));
}

/** @param {Target} target @param {string} title */
function showTarget(target, title) {
  const summary = key.summary();
  if (!summary) return;
  const trouble = problem();
  const told = statusLine();
  const warning = h('div', { class: 'warning' });
  const output = h('div', { class: 'output' });
  const actions = h('div', { class: 'stack' });
  let isAgreed = target.public;

  const options = target.options.map((option) => optionField(target, option));
  const purpose = field(WORDS.use.separate, { id: 'purpose', maxlength: 128 }, WORDS.use.separateHint);
  const clear = () => {
    warning.replaceChildren();
    actions.hidden = false;
    output.replaceChildren();
    trouble.tell('');
    told.tell('');
  };
  // The first is what most people fill in; the rest is folded.
  const [first, ...rest] = options;
  const folded = [...rest.map((each) => each.element), ...(target.public ? [] : [purpose.element])];
  const form = h('form', { class: 'stack' }, first?.element,
    folded.length ? h('details', { id: 'options' }, h('summary', {}, WORDS.use.more), h('div', { class: 'stack' }, ...folded)) : null);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', clear);

  /** Makes it. @returns {{ file: File, text: string | null, details: any } | null} */
  const make = () => {
    clear();
    const lines = [target.name, purpose.input.value, ...options.flatMap((each) => each.line())];
    try {
      const bytes = withCore((core) => core.call('export', lines.join('\n'), Date.now()));
      const details = withCore((core) => core.json('export_details'));
      const name = withEnding(details.file_name, target.name);
      const type = /\.txt$/.test(name) ? 'text/plain' : 'application/octet-stream';
      const file = new File([/** @type {any} */ (bytes)], name, { type });
      const made = { file, text: target.binary ? null : new TextDecoder().decode(bytes), details };
      bytes.fill(0);
      if (!details.complete) trouble.tell([WORDS.use.incomplete, ...details.notes].join(' '));
      return made;
    } catch (error) {
      if (isRefusal(error)) trouble.tell(sentence(error.text));
      return null;
    }
  };

  /** Asks a second time before anything leaves unprotected. @param {string} verb @param {string} words @param {() => unknown} work */
  const guarded = (verb, words, work) => {
    if (isAgreed) return work();
    clear();
    const sure = button(WORDS.use.allTheSame(verb), () => {
      isAgreed = true;
      return work();
    }, { id: 'all-the-same', kind: 'danger' });
    warning.replaceChildren(h('p', { role: 'alert', class: 'problem' }, words),
      h('div', { class: 'stack' }, sure, button(WORDS.cancel, clear, { id: 'cancel' })));
    actions.hidden = true;
    sure.focus();
  };

  // Nobody copies a file of XML.
  const canCopy = !target.binary && target.name !== 'keepassxc';
  const showText = () => {
    const made = make();
    if (made?.text) output.replaceChildren(textBox(made.text), linksOf(made.text, made.details.captions));
  };
  const act = {
    save() {
      const made = make();
      if (!made) return;
      download(made.file);
      told.tell(WORDS.use.saved(made.file.name));
      output.replaceChildren(usageOf(made.details));
    },
    async share() {
      const made = make();
      if (made && await share(made.file)) told.tell(WORDS.use.saved(made.file.name));
    },
    async copy() {
      const made = make();
      if (!made?.text) return;
      if (await copySecret(made.text.replace(/\n$/, ''))) told.tell(WORDS.use.clipboard);
      else trouble.tell(WORDS.use.notCopied);
    },
    code() {
      const made = make();
      if (!made?.text || !made.details.complete) return;
      showSecretCodes(title, codesOfText(made.text, made.details.captions), () => showTarget(target, title));
    },
  };
  const inFile = WORDS.use.notProtected;
  const inText = WORDS.use.notProtectedText;
  fill(actions, {}, [
    button(WORDS.save, () => guarded(WORDS.save, inFile, act.save), { id: 'save', kind: 'main' }),
    canShare(target) ? button(WORDS.share, () => guarded(WORDS.share, inFile, act.share), { id: 'share' }) : null,
    canCopy ? button(WORDS.copy, () => guarded(WORDS.copy, inText, act.copy), { id: 'copy' }) : null,
    canCopy ? button(WORDS.use.showText, () => guarded(WORDS.show, inText, showText), { id: 'show-text' }) : null,
    target.code ? button(WORDS.use.showCode, () => guarded(WORDS.use.showCode, inText, act.code), { id: 'show-code' }) : null,
  ]);
  show('target', { heading: title, back: () => showUse() },
    h('p', { class: 'lead' }, sentence(target.summary)),
    h('p', { class: 'hint' }, target.danger),
    trustLine(summary), form, trouble.element, warning,
    actions, told.element, output);
}

/** Under what name phones take it: apps and browsers go by the ending. @param {string} name @param {string} target */
function withEnding(name, target) {
  return target === 'passphrase' ? `${name}.txt` : name;
}

/** @param {Target} target @param {Target['options'][0]} option */
function optionField(target, option) {
  const id = `option-${option.name}`;
  const label = WORDS.use.options[option.name] ?? sentence(option.summary).replace(/\.$/, '');
  if (option.kind === 'flag') {
    const input = h('input', { type: 'checkbox', id });
    // Of a phone's tunnel both ends are its owner's, or a phone could not fill it in.
    input.checked = option.name === 'own-devices';
    return {
      element: h('label', { class: 'check', for: id }, input, h('span', {}, label)),
      line: () => (input.checked ? [`${option.name}=${ON}`] : []),
    };
  }
  if (option.kind === 'choice') {
    const input = h('select', { id }, ...option.choices.map((choice) => h('option', { value: choice }, choice)));
    return {
      element: h('div', { class: 'field' }, h('label', { for: id }, label), input),
      line: () => (input.value === option.default ? [] : [`${option.name}=${input.value}`]),
    };
  }
  const { element, input } = field(label, { id, value: option.default });
  return {
    element,
    line: () => (input.value === option.default || !input.value ? [] : [`${option.name}=${input.value}`]),
  };
}

/** What to do with it where programs are asked by commands. @param {any} details */
function usageOf(details) {
  const parts = [];
  if (details.notes.length) parts.push(...details.notes.map((/** @type {string} */ note) => h('p', { class: 'hint' }, sentence(note))));
  if (details.public) parts.push(h('h2', {}, WORDS.use.publicFile), textBox(details.public.text));
  if (details.usage.length) {
    parts.push(h('details', {}, h('summary', {}, WORDS.use.onComputer),
      h('ul', { class: 'commands' }, ...details.usage.map((/** @type {string} */ line) => h('li', {}, line)))));
  }
  return h('div', { class: 'stack' }, ...parts);
}

/** A text to read or mark. @param {string} text */
function textBox(text) {
  return h('div', { class: 'text-box', tabindex: '0', role: 'region', 'aria-label': WORDS.use.text }, text);
}

/** Links into an authenticator, if the text has such. @param {string} text @param {string[]} captions */
function linksOf(text, captions) {
  const links = text.split('\n').filter((line) => line.startsWith('otpauth://totp/'));
  return h('div', { class: 'stack' }, ...links.map((link, i) => {
    const element = h('a', { href: link, class: 'button' }, captions[i] ? `${WORDS.use.openLink}: ${captions[i]}` : WORDS.use.openLink);
    // The page stays; nobody is asked whether to leave it.
    element.addEventListener('click', () => {
      removeEventListener('beforeunload', askBeforeLeaving);
      setTimeout(() => key.isHeld && addEventListener('beforeunload', askBeforeLeaving), 1500);
    });
    return element;
  }));
}

/** A text as codes: each line where there are captions. @param {string} text @param {string[]} captions */
function codesOfText(text, captions) {
  if (!captions.length) return [{ caption: '', text }];
  const lines = text.split('\n');
  return captions.map((caption, i) => ({ caption, text: lines[i] ?? '' }));
}

/**
 * Codes for another device: each is the secret.
 * @param {string} title @param {{ caption: string, text: string }[]} codes @param {() => unknown} back
 */
function showSecretCodes(title, codes, back) {
  const { panel, canvas } = codePanel('secret-code', WORDS.use.code(title));
  const caption = h('p', { class: 'caption', role: 'status' });
  const trouble = problem();
  let index = 0;
  const draw = () => {
    const { caption: words, text } = codes[index];
    caption.textContent = codes.length > 1 ? `${WORDS.use.which(index + 1, codes.length)}: ${words}` : words;
    try {
      const code = withCore((core) => core.call('encode', text));
      drawCode(canvas, code[0], code.subarray(2), codeRoom());
    } catch (error) {
      panel.hidden = true;
      if (isRefusal(error)) trouble.tell(sentence(error.text));
    }
  };
  const next = button(WORDS.use.nextCode, () => {
    index = (index + 1) % codes.length;
    draw();
  }, { id: 'next-code' });
  const onResize = () => draw();
  addEventListener('resize', onResize);
  show('secret-code', { heading: WORDS.use.code(title), back, leave: () => removeEventListener('resize', onResize) },
    panel,
    h('div', { class: 'side' }, caption, h('p', { class: 'hint' }, WORDS.use.codeHint), trouble.element,
      h('div', { class: 'stack' }, codes.length > 1 ? next : null, button(WORDS.hide, back, { id: 'hide', kind: 'main' }))));
  draw();
}

// --- How things leave the page. -----------------------------------------------------------

/** Saves a file as a browser does. @param {File} file */
function download(file) {
  const url = URL.createObjectURL(file);
  const link = h('a', { href: url, download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), MINUTE);
}

/** Whether the browser shares files like this one. @param {Target} target */
function canShare(target) {
  const name = withEnding(target.file_name ?? `key.${target.extension}`, target.name);
  return isShared(new File(['x'], name, { type: /\.txt$/.test(name) ? 'text/plain' : 'application/octet-stream' }));
}

/** @param {File} file */
function isShared(file) {
  try {
    return Boolean(navigator.canShare?.({ files: [file] }));
  } catch {
    return false;
  }
}

/** @param {File} file @returns {Promise<boolean>} whether it was taken */
async function share(file) {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (error) {
    // Who closes the sheet made no mistake.
    if (/** @type {any} */ (error)?.name !== 'AbortError') download(file);
    return false;
  }
}

/** @param {string} text @returns {Promise<boolean>} */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

let copied = 0;
/** Copies a secret, for a minute. @param {string} text */
async function copySecret(text) {
  if (!(await copyText(text))) return false;
  clearTimeout(copied);
  copied = setTimeout(clearCopied, MINUTE);
  return true;
}

/** Clears the clipboard of what this page put there. */
function clearCopied() {
  if (!copied) return;
  clearTimeout(copied);
  copied = 0;
  copyText('');
}

/**
 * A file that is ready.
 * @param {{ heading: string, words: Child[], file: File, back: () => unknown, again?: Child }} result
 */
function showResult({ heading, words, file, back, again }) {
  const told = statusLine();
  show('result', { heading, back },
    ...words.map((text) => (text instanceof Node ? text : h('p', { class: 'lead' }, text))),
    h('p', { class: 'file-name' }, h('bdi', {}, file.name), ` · ${size(file.size)}`),
    h('div', { class: 'stack' },
      button(WORDS.save, () => {
        download(file);
        told.tell(WORDS.use.saved(file.name));
      }, { id: 'save', kind: 'main' }),
      isShared(file) ? button(WORDS.share, async () => {
        if (await share(file)) told.tell(WORDS.use.saved(file.name));
      }, { id: 'share' }) : null,
      again ?? null,
      button(WORDS.done, back, { id: 'done' })),
    told.element,
    h('p', { class: 'hint' }, WORDS.use.downloadHint));
}

/** What they shared of their programs. */
function showShared() {
  const summary = key.summary();
  if (!summary) return;
  /** @type {{ kind: string, title: string, text: string }[]} */
  const items = withCore((core) => core.json('card'));
  const told = statusLine();
  const problems = problem();
  const entry = (/** @type {typeof items[0]} */ item) => h('li', { class: 'card' },
    h('h2', {}, sentence(item.title).replace(/\.$/, '')),
    h('p', { class: 'text-box' }, item.text),
    button(WORDS.copy, async () => {
      if (await copyText(item.text)) told.tell(WORDS.copied);
      else problems.tell(WORDS.use.notCopied);
    }, { label: WORDS.card.copy(item.title) }));
  show('shared', { heading: WORDS.card.heading, back: () => showKey() },
    h('p', { class: 'lead' }, ...named(WORDS.card.about, summary.peer)),
    summary.compared ? null : h('p', { class: 'notice' }, WORDS.card.notCompared),
    told.element, problems.element,
    items.length ? h('ul', { class: 'plain-list' }, ...items.map(entry)) : h('p', {}, WORDS.card.none));
}
