// After one load the page needs nobody, asks nobody, and changes for nobody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { Phone, face, launch, until } from './harness/browser.mjs';
import { PAGE } from './harness/places.mjs';
import { FILES, Server } from './harness/server.mjs';

const original = fs.readFileSync(path.join(PAGE, 'index.html'), 'utf8');
/** Another page that works as well. */
const changed = original.replace(/(<meta name="description" content=")[^"]*/, '$1Another page.');
const hash = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex');

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Server} */
let server;
before(async () => (browser = await launch()));
after(() => browser.close());
beforeEach(async () => (server = await Server.start()));
afterEach(() => server.end());

/** Opens the page, and waits until its service worker has it. */
async function loaded() {
  const phone = await Phone.open(browser, { url: server.url });
  await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  await until('the page is kept', () => phone.page.evaluate(() => navigator.serviceWorker.controller !== null));
  return phone;
}

/** The page's hash in any grouping. */
async function showsHash(/** @type {Phone} */ phone, /** @type {string} */ of) {
  const text = (await phone.page.locator('body').innerText()).toLowerCase().replace(/\s/g, '');
  return text.includes(of.slice(0, 8));
}

describe('with the network gone', () => {
  test('page, pairing and files', { timeout: 90_000 }, async () => {
    const ana = await loaded();
    server.off();
    await ana.page.reload();
    // Another phone, from elsewhere.
    const bo = await Phone.open(browser);
    try {
      await ana.begin('Ana');
      await bo.begin('Bo');
      const [shownByAna, shownByBo] = await face(ana, bo);
      await ana.types(shownByBo);
      await bo.types(shownByAna);
      await ana.button('Use it').waitFor();
      const sealed = await ana.seals('note.txt', Buffer.from('Offline.'));
      const opened = await bo.opens(sealed.name, sealed.bytes);
      assert.equal(opened.bytes.toString(), 'Offline.');
      assert.ok((await ana.savesKey('unusual tractor piano window')).bytes.length > 100);
    } finally {
      await ana.end();
      await bo.end();
    }
  });

  test('a host is asked for the page’s own files and nothing else', async () => {
    const phone = await loaded();
    await phone.page.reload();
    await phone.begin();
    const asked = new Set(server.requests.map((url) => url.split('?')[0].slice(1) || 'index.html'));
    asked.delete('favicon.ico');
    for (const name of asked) assert.ok(FILES.includes(name), name);
    await phone.end();
  });
});

describe('what is put into the page', () => {
  test('a script cannot fetch, connect, load or send', async (context) => {
    const elsewhere = await Server.start();
    context.after(() => elsewhere.end());
    const phone = await Phone.open(browser, { url: server.url });
    const refused = await phone.page.evaluate(async (url) => {
      const tell = async (/** @type {() => Promise<unknown>} */ act) => {
        try {
          await act();
          return 'allowed';
        } catch {
          return 'refused';
        }
      };
      const loads = (/** @type {HTMLElement} */ element) => new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = reject;
        element.addEventListener('error', reject);
        document.body.append(element);
        setTimeout(reject, 1500);
      });
      const make = (/** @type {string} */ tag, /** @type {object} */ members) => Object.assign(document.createElement(tag), members);
      return {
        fetch: await tell(() => fetch(url, { mode: 'no-cors' })),
        own: await tell(() => fetch(location.href)),
        beacon: navigator.sendBeacon(url, 'x') ? await tell(async () => {}) : 'refused',
        socket: await tell(() => new Promise((resolve, reject) => {
          const socket = new WebSocket(url.replace('http', 'ws'));
          socket.onopen = resolve;
          socket.onerror = reject;
        })),
        image: await tell(() => loads(make('img', { src: `${url}i.png` }))),
        script: await tell(() => loads(make('script', { src: `${url}s.js` }))),
        frame: await tell(async () => {
          document.body.append(make('iframe', { src: url }));
          await new Promise((resolve) => setTimeout(resolve, 300));
          throw new Error('whatever came, the server knows');
        }),
        inline: await tell(async () => {
          document.body.append(make('script', { textContent: 'window.wasRun = true' }));
          if (!(/** @type {any} */ (window).wasRun)) throw new Error('not run');
        }),
        evaluate: await tell(async () => (0, eval)('1')),
        form: await tell(async () => {
          const form = /** @type {HTMLFormElement} */ (make('form', { action: url, method: 'post', target: '_blank' }));
          document.body.append(form);
          form.submit();
          throw new Error('the server knows');
        }),
      };
    }, elsewhere.url);
    const { beacon, ...others } = refused;
    for (const [way, answer] of Object.entries(others)) assert.equal(answer, 'refused', way);
    assert.deepEqual(elsewhere.requests, [], 'nothing arrived');
    await phone.end({ isPolicyTold: true });
  });
});

describe('updates', () => {
  test('nothing changes without a press; a press shows both hashes; who refuses stays', { timeout: 60_000 }, async () => {
    const phone = await loaded();
    const title = async () => {
      await phone.button('Pair').waitFor();
      return phone.page.locator('meta[name=description]').getAttribute('content');
    };
    const before = await title();
    server.instead['index.html'] = changed;
    const asked = server.requests.length;
    for (let i = 0; i < 2; i++) {
      await phone.page.reload();
      assert.equal(await title(), before);
    }
    assert.deepEqual(server.requests.slice(asked).filter((url) => !url.includes('sw.js')), [], 'nobody looked for it');

    await phone.about();
    assert.ok(await showsHash(phone, hash(original)), 'the hash of what runs');
    await phone.button('Look for an update').click();
    await until('the new hash', () => showsHash(phone, hash(changed)));
    assert.ok(await showsHash(phone, hash(original)));
    await phone.page.reload();
    assert.equal(await title(), before, 'looked at is not taken');

    await phone.about();
    await phone.button('Look for an update').click();
    await phone.button('Keep this page').click();
    await phone.page.reload();
    assert.equal(await title(), before, 'refused');
    // The browser looks at the worker's script by itself; that changes nothing.
    await phone.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await phone.page.reload();
    assert.equal(await title(), before);

    await phone.about();
    await phone.button('Look for an update').click();
    await phone.button('Use the new page').click();
    await until('the new page', async () => (await title().catch(() => '')) === 'Another page.');
    server.off();
    await phone.page.reload();
    assert.equal(await title(), 'Another page.', 'and it is the one that is kept');
    await phone.end();
  });

  test('the same page is told to be the same; no network is told', async () => {
    const phone = await loaded();
    await phone.about();
    await phone.button('Look for an update').click();
    await phone.page.getByText(/newest|same|no update/i).filter({ visible: true }).first().waitFor();
    server.off();
    await phone.button('Look for an update').click();
    await phone.page.getByText(/could not|no network|not reach/i).filter({ visible: true }).first().waitFor();
    await phone.end({ isPolicyTold: true });
  });

  test('the service worker leaves requests of other origins alone', async (context) => {
    const phone = await loaded();
    const elsewhere = http.createServer((_, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain' });
      response.end('from the other origin');
    });
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', () => resolve(null)));
    context.after(() => {
      elsewhere.closeAllConnections();
      elsewhere.close();
    });
    const url = `http://127.0.0.1:${/** @type {any} */ (elsewhere.address()).port}/`;
    const worker = phone.context.serviceWorkers()[0];
    assert.ok(worker, 'there is one');
    const taken = await worker.evaluate(async (from) => {
      const taken = { own: false, other: false };
      for (const [name, address] of /** @type {const} */ ([['own', location.origin + '/'], ['other', from]])) {
        const event = new FetchEvent('fetch', { request: new Request(address) });
        // @ts-ignore
        event.respondWith = (answer) => {
          taken[name] = true;
          return Promise.resolve(answer).catch(() => {});
        };
        self.dispatchEvent(event);
      }
      return taken;
    }, url);
    assert.equal(taken.other, false);
    assert.equal(taken.own, true);
    await phone.end();
  });
});
