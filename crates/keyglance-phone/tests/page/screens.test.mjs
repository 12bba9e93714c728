// What is said where a browser gives no camera, no module, or no page of its own; and
// what becomes of a key that nobody touches.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Phone, face, launch, until } from './harness/browser.mjs';
import { Server, lanAddress } from './harness/server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Server} */
let server;
before(async () => {
  browser = await launch();
  server = await Server.start('0.0.0.0');
});
after(async () => {
  await browser.close();
  await server.end();
});

const seen = (/** @type {Phone} */ phone, /** @type {string | RegExp} */ text) =>
  phone.page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 15_000 });

/** As `begin`, where no code is expected. */
async function tries(/** @type {Phone} */ phone) {
  await phone.button('Pair').click();
  await phone.button('Use the camera').click();
}

/** Makes the camera fail as a browser tells it. */
const cameraFails = (/** @type {string} */ name) => async (/** @type {import('playwright-core').Page} */ page) =>
  page.addInitScript((error) => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('no', error);
    };
  }, name);

describe('where the page is', () => {
  test('from http://localhost and from a file it shows and looks', async () => {
    for (const url of [server.url, undefined]) {
      const phone = await Phone.open(browser, { url });
      await phone.begin();
      await seen(phone, /^Looking/);
      await phone.end();
    }
  });

  test('over http in the local network: no camera, and why', async (context) => {
    const address = lanAddress();
    if (!address) return context.skip('no address in a local network');
    const phone = await Phone.open(browser, { url: `http://${address}:${server.port}/`, camera: false });
    assert.equal(await phone.page.evaluate(() => navigator.mediaDevices === undefined), true);
    await phone.button('Pair').click();
    const use = phone.button('Use the camera');
    if (await use.isVisible()) await use.click();
    await seen(phone, 'This page was not loaded over https, so the browser gives it no camera. Its address must begin with https://');
    await phone.end();
  });

  test('in a frame of another page it does nothing', async (context) => {
    const around = http.createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><iframe src="${server.url}" allow="camera" width="390" height="700"></iframe>`);
    });
    await new Promise((resolve) => around.listen(0, '127.0.0.1', () => resolve(null)));
    context.after(() => {
      around.closeAllConnections();
      around.close();
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${/** @type {any} */ (around.address()).port}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByText('Open this page by itself.').waitFor({ timeout: 10_000 });
    assert.equal(await frame.getByRole('button', { name: 'Pair', exact: true }).count(), 0);
    await page.close();
  });
});

describe('what a browser refuses', () => {
  for (const [error, text, buttons] of /** @type {const} */ ([
    ['NotAllowedError', /The camera is blocked for this page\. Allow it in the browser.s page settings/, ['Try again']],
    ['NotFoundError', /No camera here/, ['Paste a code', 'Open a picture']],
    ['NotReadableError', /Another app uses the camera\./, ['Try again']],
  ])) {
    test(`${error}: its sentence and a way on`, async () => {
      const phone = await Phone.open(browser, { before: cameraFails(error) });
      await tries(phone);
      await seen(phone, text);
      for (const button of buttons) assert.ok(await phone.button(button).first().isVisible(), button);
      await phone.end();
    });
  }

  test('denied by Chromium itself', async (context) => {
    const other = await launch([], false);
    context.after(() => other.close());
    const phone = await Phone.open(other, { url: server.url, camera: false });
    await tries(phone);
    await seen(phone, /The camera is blocked for this page/);
    await phone.end();
  });

  test('no WebAssembly', async () => {
    for (const before of [
      (page) => page.addInitScript(() => delete (/** @type {any} */ (window).WebAssembly)),
      (page) => page.addInitScript(() => {
        WebAssembly.compile = async () => {
          throw new WebAssembly.CompileError('blocked');
        };
        WebAssembly.instantiate = WebAssembly.compile;
      }),
    ]) {
      const phone = await Phone.open(browser, { before });
      const pair = phone.button('Pair');
      if (await pair.isVisible().catch(() => false)) await tries(phone).catch(() => {});
      await seen(phone, /This phone is in Lockdown Mode, or its browser is too old\. Allow this site, or use another browser/);
      await phone.end();
    }
  });

  test('a canvas that reads back one colour', async () => {
    const before = (/** @type {import('playwright-core').Page} */ page) => page.addInitScript(() => {
      // Without the direct way to the picture, and as a browser that resists fingerprinting.
      delete (/** @type {any} */ (window).MediaStreamTrackProcessor);
      const blank = `
        delete self.MediaStreamTrackProcessor;
        const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
        OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...at) {
          const image = read.apply(this, at);
          image.data.fill(255);
          return image;
        };\n`;
      const Original = Blob;
      /** @type {any} */ (window).Blob = class extends Original {
        constructor(/** @type {any[]} */ parts = [], /** @type {any} */ options) {
          const script = /javascript/.test(options?.type ?? '');
          super(script ? [blank, ...parts] : parts, options);
        }
      };
      const get = CanvasRenderingContext2D.prototype.getImageData;
      CanvasRenderingContext2D.prototype.getImageData = function (...at) {
        const image = get.apply(this, /** @type {any} */ (at));
        image.data.fill(255);
        return image;
      };
    });
    const phone = await Phone.open(browser, { before });
    await phone.begin();
    await seen(phone, 'This browser hides the picture from the page. Allow canvas for this site.');
    await phone.end();
  });
});

/** Makes the reader's module trap in its worker: as often as this says. */
const readerTraps = (/** @type {number} */ often) => (/** @type {import('playwright-core').Page} */ page) => page.addInitScript((times) => {
  const trap = `
    let left = ${times};
    const Real = WebAssembly.Instance;
    WebAssembly.Instance = function (...given) {
      const { exports } = new Real(...given);
      const fails = (name) => (...sizes) => {
        if (left-- > 0) throw new WebAssembly.RuntimeError('unreachable');
        return exports[name](...sizes);
      };
      return { exports: { ...exports, decode_luma: fails('decode_luma'), decode_rgba: fails('decode_rgba') } };
    };\n`;
  const Original = Blob;
  /** @type {any} */ (window).Blob = class extends Original {
    constructor(/** @type {any[]} */ parts = [], /** @type {any} */ options) {
      super(/javascript/.test(options?.type ?? '') ? [trap, ...parts] : parts, options);
    }
  };
}, often);

describe('a reader that traps', () => {
  test('is replaced, and the pairing goes on', { timeout: 60_000 }, async () => {
    const [ana, bo] = await Promise.all([Phone.open(browser, { before: readerTraps(1) }), Phone.open(browser)]);
    try {
      await ana.begin('Ana');
      await bo.begin('Bo');
      await face(ana, bo);
    } finally {
      await ana.end();
      await bo.end();
    }
  });

  test('is given up when it traps again and again', async () => {
    const phone = await Phone.open(browser, { before: readerTraps(1000) });
    await phone.begin();
    await seen(phone, 'This page cannot read the camera’s picture.');
    await phone.end();
  });
});

describe('a key that nobody touches', () => {
  test('is hidden after 10 minutes, and gone after 30', { timeout: 60_000 }, async () => {
    const clock = (/** @type {import('playwright-core').Page} */ page) => page.clock.install();
    const [ana, bo] = await Promise.all([Phone.open(browser, { before: clock }), Phone.open(browser)]);
    try {
      await ana.begin('Ana');
      await bo.begin('Bo');
      const [, theirs] = await face(ana, bo);
      await ana.types(theirs);
      await ana.button('Use it').waitFor();
      await ana.page.clock.fastForward('09:50');
      assert.ok(await ana.button('Use it').isVisible(), 'not before its time');
      await ana.page.clock.fastForward('00:15');
      await ana.button('Show').waitFor();
      assert.equal(await ana.button('Use it').isVisible(), false);
      await ana.button('Show').click();
      await ana.button('Use it').waitFor();
      // Touched: the time begins again.
      await ana.page.clock.fastForward('25:00');
      await ana.button('Show').waitFor();
      await ana.page.clock.fastForward('04:30');
      assert.ok(await ana.button('Show').isVisible(), 'a warning, not yet the end');
      await ana.page.clock.fastForward('01:00');
      await seen(ana, /(deleted|wiped|gone)/);
      assert.equal(await ana.button('Show').isVisible(), false);
      assert.equal(await ana.button('Use it').isVisible(), false);
    } finally {
      await ana.end();
      await bo.end();
    }
  });

  test('is gone when it is deleted', { timeout: 60_000 }, async () => {
    const [ana, bo] = await Promise.all([Phone.open(browser), Phone.open(browser)]);
    try {
      await ana.begin('Ana');
      await bo.begin('Bo');
      const [, theirs] = await face(ana, bo);
      await ana.types(theirs);
      await ana.button('Delete it').click();
      await ana.button('Keep it').click();
      await ana.button('Delete it').click();
      await ana.button('Delete the key').click();
      await seen(ana, 'The key was deleted here.');
      assert.equal(await ana.button('Use it').isVisible(), false);
      await until('leaving asks no more', async () => {
        let asked = false;
        ana.page.once('dialog', async (dialog) => {
          asked = true;
          await dialog.accept();
        });
        await ana.page.reload();
        return !asked;
      });
    } finally {
      await ana.end();
      await bo.end();
    }
  });
});
