// @ts-check
// What the page is, who could read along, and how it changes.

/** The page without what is put into it: here when the page is made. */
const TEMPLATE = '__TEMPLATE__';
/** The text of this script. */
const OWN_TEXT = document.currentScript?.textContent ?? '';

/** @param {BufferSource} bytes */
const digest = (bytes) => crypto.subtle.digest('SHA-256', bytes);
/** @param {ArrayBuffer} hash */
const inHex = (hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
/** @param {ArrayBuffer} hash */
const inBase64 = (hash) => btoa(String.fromCharCode(...new Uint8Array(hash)));
/** In groups of four. @param {string} hash */
const grouped = (hash) => hash.replace(/(.{4})(?=.)/g, '$1 ');

/** Asks the service worker. @param {'hash' | 'look' | 'take' | 'keep'} what @returns {Promise<any>} null where there is none */
async function askKeeper(what) {
  const keeper = navigator.serviceWorker?.controller;
  if (!keeper) return null;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    keeper.postMessage(what, [port2]);
    setTimeout(() => resolve({ failed: true }), 60000);
  });
}

/** The SHA-256 of this page, in hexadecimal; null where the browser does not tell. */
async function ownHash() {
  const kept = await askKeeper('hash');
  if (kept?.hash) return kept.hash;
  if (!crypto.subtle || !OWN_TEXT) return null;
  const style = document.querySelector('style')?.textContent ?? '';
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  /** @type {[string, string][]} */
  const values = [
    ['SCRIPT_HASH', inBase64(await digest(bytes(OWN_TEXT)))], ['STYLE_HASH', inBase64(await digest(bytes(style)))],
    ['STYLE', style], ['SCRIPT', OWN_TEXT],
  ];
  let page = TEMPLATE;
  for (const [name, value] of values) page = page.replace(`{{${name}}}`, () => value);
  return inHex(await digest(bytes(page)));
}

/** On the first screen. */
function whoCouldReadAlong() {
  const words = WORDS.start;
  const from = location.protocol === 'file:' ? '' : `${location.host}${location.pathname}`;
  const hash = h('p', { class: 'hash' });
  ownHash().then((own) => {
    if (own) hash.textContent = words.page(`${grouped(own.slice(0, 16))} …`);
  });
  return h('details', { id: 'who' }, h('summary', {}, words.who),
    h('p', {}, from ? words.trust(from) : words.trustAlone), hash,
    h('p', {}, words.trustMore), h('p', {}, words.others), h('p', {}, words.kept), h('p', {}, words.newEachTime));
}

function showAbout() {
  const words = WORDS.about;
  const { version, protocol } = withCore((core) => core.json('version'));
  const told = statusLine();
  const trouble = problem();
  const hash = h('p', { class: 'hash', id: 'page-hash' });
  const found = h('div', { class: 'found' });
  const isKept = Boolean(navigator.serviceWorker?.controller);
  ownHash().then((own) => (hash.textContent = own ? grouped(own) : words.unknownHash));

  const look = button(words.look, async () => {
    found.replaceChildren();
    trouble.tell('');
    told.tell(words.looking);
    const answer = await askKeeper('look');
    told.tell('');
    if (!answer || answer.failed) return trouble.tell(words.unreachable);
    if (answer.found === answer.hash) return told.tell(words.same);
    const take = button(words.take, async () => {
      const taken = await askKeeper('take');
      if (!taken || taken.failed) return trouble.tell(words.unreachable);
      key.wipe();
      location.reload();
    }, { id: 'take', kind: 'danger' });
    const keep = button(words.keep, async () => {
      await askKeeper('keep');
      found.replaceChildren();
      told.tell(words.keptOld);
    }, { id: 'keep', kind: 'main' });
    found.replaceChildren(h('div', { class: 'card stack' },
      h('p', { role: 'alert' }, words.found),
      h('h2', {}, words.nowHash), h('p', { class: 'hash' }, grouped(answer.hash)),
      h('h2', {}, words.newHash), h('p', { class: 'hash', id: 'new-hash' }, grouped(answer.found)),
      keep, take));
  }, { id: 'look' });

  show('about', { heading: words.heading, back: () => showStart() },
    h('p', { class: 'lead' }, words.what),
    h('p', {}, words.version(version, protocol)),
    h('h2', {}, words.page), hash, h('p', { class: 'hint' }, words.compareHash),
    h('p', {}, isKept ? words.kept : words.notKept),
    isKept ? look : null, told.element, trouble.element, found,
    h('p', { class: 'hint' }, words.licence), h('p', { class: 'hint' }, words.source),
    h('p', { class: 'hint' }, words.honest));
}
