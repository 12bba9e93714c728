// Keeps the page as it was first loaded, and answers from that alone. It names no version
// and is the same for every release: what is kept changes only when a person says so.
'use strict';

const KEPT = 'keyglance-page';
const FOUND = 'keyglance-found';
const PAGE = './';
const FILES = [PAGE, 'manifest.webmanifest', 'icon-192.png', 'icon-512.png'];

/** Fetches the page's files past every cache of the browser. @param {string} name */
async function fetchInto(name) {
  const answers = await Promise.all(FILES.map(async (file) => {
    const answer = await fetch(file, { cache: 'no-store', credentials: 'omit' });
    if (!answer.ok || answer.redirected) throw new Error('not the page');
    return /** @type {const} */ ([file, answer]);
  }));
  // All of them, or none.
  await caches.delete(name);
  const cache = await caches.open(name);
  await Promise.all(answers.map(([file, answer]) => cache.put(file, answer)));
}

/** SHA-256 of a page that is here, in hexadecimal; null where none is. @param {string} name */
async function hashOf(name) {
  const answer = await (await caches.open(name)).match(PAGE);
  if (!answer) return null;
  const hash = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the page may ask. @type {Record<string, () => Promise<object>>} */
const ANSWERS = {
  async hash() {
    return { hash: await hashOf(KEPT) };
  },
  async look() {
    try {
      await fetchInto(FOUND);
    } catch {
      return { hash: await hashOf(KEPT), failed: true };
    }
    return { hash: await hashOf(KEPT), found: await hashOf(FOUND) };
  },
  async take() {
    const [found, kept] = await Promise.all([caches.open(FOUND), caches.open(KEPT)]);
    for (const file of FILES) {
      const answer = await found.match(file);
      if (answer) await kept.put(file, answer);
    }
    await caches.delete(FOUND);
    return { hash: await hashOf(KEPT) };
  },
  async keep() {
    await caches.delete(FOUND);
    return {};
  },
};

/** @param {any} event */
const onInstall = (event) => event.waitUntil((async () => {
  // What is kept already stays, also when the browser takes a new version of this script.
  if (!(await hashOf(KEPT))) await fetchInto(KEPT);
  await (/** @type {any} */ (self)).skipWaiting();
})());

/** @param {any} event */
const onActivate = (event) => event.waitUntil((/** @type {any} */ (self)).clients.claim());

/** @param {any} event */
const onMessage = (event) => {
  const [port] = event.ports;
  const answer = typeof event.data === 'string' && Object.hasOwn(ANSWERS, event.data) ? ANSWERS[event.data] : null;
  if (!port || !answer) return;
  event.waitUntil(answer().then((value) => port.postMessage(value), () => port.postMessage({ failed: true })));
};

/** @param {any} event */
const onFetch = (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const base = new URL(PAGE, location.href);
  const isPage = event.request.mode === 'navigate' || url.href === base.href || url.pathname === `${base.pathname}index.html`;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    const kept = await cache.match(isPage ? PAGE : event.request, { ignoreSearch: true, ignoreVary: true });
    return kept ?? new Response('', { status: 404 });
  })());
};

self.addEventListener('install', onInstall);
self.addEventListener('activate', onActivate);
self.addEventListener('message', onMessage);
self.addEventListener('fetch', onFetch);
