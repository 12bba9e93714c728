// @ts-check
// How the page begins and ends.

/** @param {string} text */
function showBlocked(text) {
  show('blocked', { heading: WORDS.title },
    h('div', { class: 'hero' }, mark()),
    h('p', { role: 'alert', class: 'problem' }, text));
}

/** Keeps the page for the next time, where the browser can. */
function keepPage() {
  if (!/^https?:$/.test(location.protocol)) return;
  document.head.append(
    h('link', { rel: 'manifest', href: 'manifest.webmanifest' }),
    h('link', { rel: 'apple-touch-icon', href: 'icon-192.png' }));
  navigator.serviceWorker?.register('sw.js').catch(() => {});
}

async function begin() {
  if (window.top !== window.self) return showBlocked(WORDS.blocked.framed);
  show('loading', { heading: WORDS.title },
    h('div', { class: 'hero' }, mark()), h('p', { role: 'status' }, WORDS.start.loading));
  try {
    wasm = await compileModule();
    core = new Instance(wasm);
  } catch {
    return showBlocked(WORDS.blocked.noModule);
  }
  showStart();
  keepPage();
}

// A page that is left is wiped, and one that comes back begins anew.
addEventListener('pagehide', () => {
  try {
    core?.calls.wipe();
  } catch {
    // It ended before.
  }
});
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

begin();
