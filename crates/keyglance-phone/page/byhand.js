// @ts-check
// Pairing without a camera: codes as texts and pictures.

/** What can be done without a camera. */
function byHandWays() {
  const trouble = problem('ways-problem');
  const done = statusLine('ways-status');
  const text = h('textarea', { id: 'pasted', rows: 4, autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off' });
  const paste = h('div', { class: 'field', hidden: true },
    h('label', { for: 'pasted' }, WORDS.pair.pasteLabel), text,
    button(WORDS.pair.usePasted, () => {
      trouble.tell('');
      pairing.isByHand = true;
      const events = pairing.take([new TextEncoder().encode(text.value.trim())]);
      const [refused] = events.filter((event) => event.event === 'diagnostic');
      if (refused) {
        pairing.quiet();
        const words = diagnosis(refused);
        trouble.tell(words === WORDS.pair.diagnostic.foreign ? WORDS.pair.foreignText : words);
      } else {
        text.value = '';
        done.tell(WORDS.pair.taken);
      }
    }, { id: 'use-pasted', kind: 'main' }));
  const chooser = fileInput('picture-file', WORDS.pair.picture, (file) => takePicture(file, trouble, done), 'image/*');
  return h('div', { id: 'ways', class: 'card stack', hidden: true },
    h('p', {}, WORDS.pair.noCamera),
    button(WORDS.pair.paste, () => {
      paste.hidden = false;
      text.focus();
    }, { id: 'paste' }),
    paste,
    button(WORDS.pair.picture, () => chooser.click(), { id: 'picture' }), chooser,
    ...copyCode(done), trouble.element, done.element);
}

/** @param {Blob} file @param {{ tell: (text: string) => void }} trouble @param {{ tell: (text: string) => void }} done */
async function takePicture(file, trouble, done) {
  trouble.tell('');
  done.tell('');
  let codes;
  try {
    codes = await camera.read(file);
  } catch {
    return trouble.tell(WORDS.pair.badPicture);
  }
  if (!codes) return trouble.tell(WORDS.camera.hidden);
  if (!codes.length) return trouble.tell(WORDS.pair.noCodeInPicture);
  if (!pairing.isRunning) return;
  pairing.isByHand = true;
  const events = pairing.take(codes);
  const [foreign] = events.filter((event) => event.event === 'diagnostic');
  if (foreign) {
    pairing.quiet();
    trouble.tell(diagnosis(foreign));
  } else done.tell(WORDS.pair.taken);
}

/**
 * A button that copies our code as text, and where it is shown if that cannot be.
 * @param {{ tell: (text: string) => void }} done
 */
function copyCode(done) {
  const own = h('div', { class: 'field', hidden: true });
  const copy = button(WORDS.pair.copyCode, async () => {
    const code = new TextDecoder().decode(withCore((core) => core.call('text')));
    if (await copyText(code)) return done.tell(WORDS.copied);
    const area = h('textarea', { id: 'own-code', rows: 4, readonly: true, 'aria-label': WORDS.pair.codeAsText });
    area.value = code;
    own.replaceChildren(area);
    own.hidden = false;
    area.select();
  }, { id: 'copy-code' });
  return [copy, own];
}

// A picture that is dropped anywhere, while a pairing asks for one.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files?.[0];
  if (!file || !pairing.isRunning || shown.id !== 'pair') return;
  pairing.view.ways.hidden = false;
  const tellIn = (/** @type {string} */ id) => {
    const element = /** @type {HTMLElement} */ (document.getElementById(id));
    return { tell: (/** @type {string} */ text) => tell(element, text) };
  };
  takePicture(file, tellIn('ways-problem'), tellIn('ways-status'));
});
