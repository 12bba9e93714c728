// Chromium with the page: a camera that shows what a test holds before it, and the
// words by which a person finds things.
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM, PAGE } from './places.mjs';

export const FILE_URL = pathToFileURL(path.join(PAGE, 'index.html')).href;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** @param {string[]} more arguments @param {boolean} allowed whether the camera is allowed */
export function launch(more = [], allowed = true) {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream',
      ...(allowed ? ['--use-fake-ui-for-media-stream'] : []), ...more,
    ],
  });
}

/** Replaces the camera by a canvas of 1280 x 720, on which a picture is held. */
function holdCamera() {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const paint = canvas.getContext('2d');
  /** @type {ImageBitmap | null} */
  let picture = null;
  let tick = 0;
  setInterval(() => {
    paint.setTransform(1, 0, 0, 1, 0, 0);
    paint.fillStyle = '#777';
    paint.fillRect(0, 0, 1280, 720);
    if (picture) {
      paint.setTransform(1, 0.04, -0.05, 1, 0, 0);
      paint.drawImage(picture, 380, 60, 580, 580);
      paint.setTransform(1, 0, 0, 1, 0, 0);
    }
    // No two frames are the same, as with a camera.
    tick = (tick + 1) % 256;
    paint.fillStyle = `rgb(${tick},0,0)`;
    paint.fillRect(0, 0, 8, 8);
  }, 33);
  Object.assign(window, {
    holdBeforeCamera: async (/** @type {string} */ base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      picture = await createImageBitmap(new Blob([bytes]));
    },
  });
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
}

/** The page in a context of its own, with everything that it asked the network for. */
export class Phone {
  /**
   * @param {import('playwright-core').Browser} browser
   * @param {{url?: string, camera?: boolean, context?: object, before?: (page: import('playwright-core').Page) => Promise<unknown>}} how
   */
  static async open(browser, how = {}) {
    const own = new Phone();
    own.context = await browser.newContext({ ...PHONE, acceptDownloads: true, ...how.context });
    own.page = await own.context.newPage();
    own.url = how.url ?? FILE_URL;
    /** @type {string[]} */
    own.requests = [];
    /** @type {string[]} */
    own.problems = [];
    own.context.on('request', (request) => own.requests.push(request.url()));
    own.page.on('pageerror', (error) => own.problems.push(`${error.message}`));
    own.page.on('console', (line) => {
      // A worker that ends takes its last frame with it: nothing is lost by that.
      const isLastFrame = line.text().startsWith('A VideoFrame was garbage collected');
      if (line.type() === 'error' && !isLastFrame) own.problems.push(line.text());
    });
    if (how.camera !== false) await own.page.addInitScript(holdCamera);
    if (how.before) await how.before(own.page);
    await own.page.goto(own.url);
    return own;
  }

  button(/** @type {string | RegExp} */ name) {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  get code() {
    return this.page.getByRole('img', { name: 'Pairing code' });
  }

  /** Says its name, and shows and looks. */
  async begin(name = 'Phone') {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.button('Pair').click();
    await this.button('Use the camera').click();
    await this.code.waitFor();
  }

  /** A picture of the code as it is on the screen, if there is one. */
  async shown() {
    const box = await this.code.boundingBox({ timeout: 1000 }).catch(() => null);
    if (!box || box.width < 50) return null;
    return this.page.screenshot({ clip: box, scale: 'device', caret: 'initial' });
  }

  /** Holds a picture before the camera. @param {Buffer} picture */
  async sees(picture) {
    await this.page.evaluate(
      (base64) => /** @type {any} */ (window).holdBeforeCamera(base64), picture.toString('base64'),
    );
  }

  /** Whether a text is to be seen. @param {string | RegExp} text */
  async says(text) {
    return (await this.page.getByText(text).filter({ visible: true }).count()) > 0;
  }

  /** The digits of this screen, once they are there. */
  async digits() {
    const label = this.page.getByText('This phone', { exact: true });
    if (!(await label.filter({ visible: true }).count())) return null;
    const text = await this.page.locator('body').innerText();
    return /(?:^|\n)(\d{3})\s(\d{3})(?:\n|$)/.exec(text)?.slice(1).join('') ?? null;
  }

  /** Types digits of the other screen. @param {string} digits */
  async types(digits) {
    await this.page.getByLabel('Six digits of the other screen').fill(digits);
    await this.button('Check').click();
  }

  /** Presses what gives a file, and takes it. @param {() => Promise<unknown>} press */
  async download(press) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), press()]);
    const from = await download.createReadStream();
    const parts = [];
    for await (const part of from) parts.push(part);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
  }

  /** Goes back to what can be done with the key. */
  async home() {
    const use = this.button('Use it');
    const back = this.button(/^(Back|Done|Close)$/);
    for (let i = 0; i < 5 && !(await use.isVisible()); i++) {
      await back.or(use).first().waitFor();
      if (await back.first().isVisible()) await back.first().click();
    }
    await use.waitFor();
  }

  /** Makes a file for a program, and saves it. @param {string} target @param {(page: import('playwright-core').Page) => Promise<unknown>} [fill] */
  async exports(target, fill) {
    await this.home();
    await this.button('Use it').click();
    const tile = this.page.locator(`#target-${target}`);
    if (!(await tile.isVisible())) await this.page.getByText('More', { exact: true }).click();
    await tile.click();
    if (fill) await fill(this.page);
    await this.button('Save').click();
    await this.page.getByText(/^Not protected/).filter({ visible: true }).first().waitFor();
    const made = await this.download(() => this.button('Save all the same').click());
    await this.home();
    return made;
  }

  /** @param {string} choose the button that opens the chooser @param {string} name @param {Buffer} bytes */
  async gives(choose, name, bytes) {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.button(choose).click()]);
    await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  }

  /** Opens a file that the other device sealed. @param {string} name @param {Buffer} bytes */
  async opens(name, bytes) {
    await this.home();
    await this.gives('Open a file they sealed', name, bytes);
    const told = this.page.getByText(/^(Sealed by|Not known who sealed)/).filter({ visible: true }).first();
    await told.waitFor();
    const by = await told.innerText();
    const made = await this.download(() => this.button('Save').click());
    await this.home();
    return { ...made, by };
  }

  /** Seals a file for the other device. @param {string} name @param {Buffer} bytes */
  async seals(name, bytes) {
    await this.home();
    await this.gives('Seal a file for them', name, bytes);
    const made = await this.download(() => this.button('Save').click());
    await this.home();
    return made;
  }

  /** Saves the key under a passphrase. @param {string} passphrase */
  async savesKey(passphrase) {
    await this.home();
    await this.button('Save the key').click();
    await this.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await this.page.getByLabel('Repeat the passphrase').fill(passphrase);
    await this.button('Make the key file').click();
    const made = await this.download(() => this.button('Save').click());
    await this.home();
    return made;
  }

  /** Opens a key file, from the first screen on. @param {{name: string, bytes: Buffer}} file @param {string} passphrase */
  async opensKey(file, passphrase) {
    const field = this.page.getByLabel('Passphrase of the file');
    if (!(await field.isVisible())) {
      await this.gives('Open a key file', file.name, file.bytes);
    }
    await field.fill(passphrase);
    await this.button('Open').click();
  }

  /** Looks at what they shared. */
  async shared() {
    await this.button('They shared').click();
    await this.page.getByRole('heading', { name: 'They shared' }).waitFor();
  }

  async about() {
    await this.button('About').click();
    await this.page.getByRole('heading', { name: 'About' }).waitFor();
  }

  /**
   * Ends, and sees that the page asked for nothing but its own files and failed nowhere.
   * @param {{isPolicyTold?: boolean}} how where a test did what a browser's console tells of
   */
  async end({ isPolicyTold = false } = {}) {
    const folder = new URL('.', this.url).href;
    const own = new RegExp(`^(${escape(folder)}(|index\\.html|sw\\.js|manifest\\.webmanifest|icon-\\d+\\.png)|blob:.*)$`);
    const others = this.requests.filter((url) => !own.test(url));
    await this.context.close();
    if (isPolicyTold) return;
    assert.deepEqual(others, [], 'requests for what is none of the page');
    assert.deepEqual(this.problems, [], 'the console says nothing');
  }
}

const escape = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so. @template T @param {string} what @param {() => T | Promise<T>} look @param {number} limit in ms @returns {Promise<T>} */
export async function until(what, look, limit = 30_000) {
  const end = Date.now() + limit;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await pause(20);
  }
}

/**
 * Holds two devices before each other until both show digits.
 * @param {{shown: () => any, sees: (picture: Buffer) => any, digits: () => any}} one
 * @param {{shown: () => any, sees: (picture: Buffer) => any, digits: () => any}} other
 */
export async function face(one, other, limit = 40_000) {
  let done = false;
  const hold = async (/** @type {typeof one} */ from, /** @type {typeof one} */ to) => {
    /** @type {Buffer | null} */
    let last = null;
    while (!done) {
      const picture = await from.shown();
      if (picture && !(last && picture.equals(last))) await to.sees((last = picture));
      await pause(10);
    }
  };
  const look = () => until('the digits on both screens', async () => {
    const both = [await one.digits(), await other.digits()];
    return both[0] && both[1] ? both : null;
  }, limit).finally(() => (done = true));
  return (await Promise.all([look(), hold(one, other), hold(other, one)]))[0];
}
