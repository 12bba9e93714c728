// How each screen looks: for eyes of all kinds, on screens of all sizes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { Phone, face, launch } from './harness/browser.mjs';
import { WORK } from './harness/places.mjs';
import { decodeColours } from './harness/png.mjs';
import { read } from './harness/hello.mjs';

const SIZES = [[320, 568], [390, 844], [844, 390], [768, 1024]];
/** The narrowest and the lowest: where others have no room either. */
const EDGES = [SIZES[0], SIZES[2]];
const PICTURES = path.join(WORK, 'pictures');

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  fs.mkdirSync(PICTURES, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

/** What is cut, or lies on something else, or is too small to touch. */
function faults() {
  const found = [];
  const name = (/** @type {Element} */ element) =>
    `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}"`;
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`scrolls sideways: ${root.scrollWidth} of ${innerWidth}`);
  const shown = [...document.querySelectorAll('button, input, select, textarea, summary, a, canvas, video, h1, h2, p, label, li, dd')]
    .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const boxes = shown.map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  for (const { element, box } of boxes) {
    if (box.left < -0.5 || box.right > innerWidth + 0.5) found.push(`${name(element)} is cut: ${box.left} to ${box.right}`);
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
      && element.tagName !== 'INPUT') found.push(`${name(element)} holds more than it shows`);
    const press = element.matches('button, select, summary, input:not([type=checkbox]):not([type=radio])');
    if (press && box.height < 43.5) found.push(`${name(element)} is ${box.height} high`);
  }
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 1.5 && down > 1.5) found.push(`${name(a.element)} and ${name(b.element)} overlap`);
    }
  }
  return found;
}

/** The faults that stay: a page may need a moment for another size. @param {Phone} phone @returns {Promise<string[]>} */
async function lasting(phone) {
  const end = Date.now() + 600;
  for (;;) {
    await phone.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const found = await phone.page.evaluate(faults);
    if (found.length === 0 || Date.now() > end) return found;
  }
}

/** Looks at the screen that a phone shows, in every size, light and dark. */
async function look(/** @type {Phone} */ phone, /** @type {string} */ screen, sizes = SIZES) {
  const found = [];
  for (const colours of /** @type {const} */ (['light', 'dark'])) {
    await phone.page.emulateMedia({ colorScheme: colours });
    for (const [width, height] of sizes) {
      await phone.page.setViewportSize({ width, height });
      for (const fault of await lasting(phone)) found.push(`${width}x${height} ${colours}: ${fault}`);
      await phone.page.screenshot({ path: path.join(PICTURES, `${screen}-${colours}-${width}x${height}.png`), fullPage: true });
    }
    await phone.page.setViewportSize({ width: 390, height: 844 });
    const told = await phone.page.evaluate(() => /** @type {any} */ (window).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
    for (const fault of told.violations) {
      found.push(`${colours}: ${fault.id}: ${fault.nodes.map((/** @type {any} */ node) => node.target.join(' ')).join(', ')}`);
    }
  }
  // Twice the size of letters.
  await phone.page.emulateMedia({ colorScheme: 'light' });
  for (const [width, height] of [[320, 568], [390, 844]]) {
    await phone.page.setViewportSize({ width, height });
    await phone.page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    for (const fault of await lasting(phone)) found.push(`${width}x${height} at 200 %: ${fault}`);
    await phone.page.screenshot({ path: path.join(PICTURES, `${screen}-large-${width}x${height}.png`), fullPage: true });
    await phone.page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  }
  await phone.page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(found, [], screen);
}

/** With what axe needs in the page: no part of it, so before its policy. */
const open = (how = {}) => Phone.open(browser, {
  ...how,
  before: (/** @type {import('playwright-core').Page} */ page) => page.addInitScript(axe.source),
});

/** Whether the picture of a code is one: square, black and white, whole pixels a module. */
async function checkCode(/** @type {Phone} */ phone, /** @type {string} */ where) {
  const png = await phone.shown();
  const picture = decodeColours(png);
  const code = await read(png);
  assert.ok(code?.startsWith('KG1:'), `${where}: cannot be read`);
  assert.ok(Math.abs(picture.width - picture.height) <= 1, `${where}: ${picture.width} x ${picture.height}`);
  const xs = [Infinity, 0];
  const ys = [Infinity, 0];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [low, high] = picture.range(x, y);
      if (!(high < 8 || low > 247)) assert.fail(`${where}: ${picture.at(x, y)} at ${x},${y}`);
      if (high < 8) {
        xs[0] = Math.min(xs[0], x);
        xs[1] = Math.max(xs[1], x);
        ys[0] = Math.min(ys[0], y);
        ys[1] = y;
      }
    }
  }
  assert.equal(xs[1] - xs[0], ys[1] - ys[0], `${where}: the code is square`);
  // A finder pattern's first row: seven modules of black.
  let run = 0;
  while (picture.at(xs[0] + run, ys[0])[0] < 128) run += 1;
  assert.equal(run % 7, 0, `${where}: ${run} pixels are seven modules`);
  const module = run / 7;
  assert.equal((xs[1] - xs[0] + 1) % module, 0, `${where}: whole modules`);
  for (const edge of [xs[0], picture.width - 1 - xs[1], ys[0], picture.height - 1 - ys[1]]) {
    assert.ok(edge >= 4 * module, `${where}: a quiet zone of ${edge} pixels, modules of ${module}`);
  }
}

describe('each screen', () => {
  test('start, who could read along, about', { timeout: 60_000 }, async () => {
    const phone = await open();
    await look(phone, '1-start');
    await phone.page.getByText('Who could read along?').click();
    await look(phone, '1-start-who');
    await phone.about();
    await look(phone, '9-about');
    await phone.end();
  });

  test('camera asked, refused, none', { timeout: 60_000 }, async () => {
    const phone = await open();
    await phone.button('Pair').click();
    await phone.button('Use the camera').waitFor();
    await look(phone, '2-camera');
    await phone.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('no', 'NotFoundError');
      };
    });
    await phone.button('Use the camera').click();
    await phone.page.getByText(/No camera here/).filter({ visible: true }).first().waitFor();
    await look(phone, '2-no-camera');
    await phone.end();
  });

  test('pairing, the check code, what next, use it, files, delete', { timeout: 180_000 }, async () => {
    const [ana, bo] = await Promise.all([open(), Phone.open(browser)]);
    await ana.begin('Ana');
    await look(ana, '3-pair');
    await bo.begin('Bo with a name of many letters, as some people like them');
    const [, theirs] = await face(ana, bo);
    await look(ana, '4-compare');
    await ana.types(theirs === '000001' ? '000002' : '000001');
    await ana.page.getByRole('alert').filter({ visible: true }).first().waitFor();
    await look(ana, '4-compare-wrong');
    await ana.types(theirs);
    await ana.button('Use it').waitFor();
    await look(ana, '5-next');
    await ana.button('Use it').click();
    await look(ana, '6-use');
    await ana.page.locator('#target-wireguard').click();
    await ana.button('Save').click();
    await ana.page.getByText(/^Not protected/).filter({ visible: true }).first().waitFor();
    await look(ana, '7-target', EDGES);
    await ana.home();
    await ana.button('Save the key').click();
    await ana.button('Make the key file').waitFor();
    await look(ana, '7-save', EDGES);
    await ana.home();
    await ana.gives('Seal a file for them', 'a-letter-with-a-long-name-of-many-words-and-no-end.txt', Buffer.from('Noon.'));
    await ana.button('Save').waitFor();
    await look(ana, '7-sealed', EDGES);
    await ana.home();
    await ana.button('Delete it').click();
    await ana.button('Delete the key').waitFor();
    await look(ana, '8-delete', EDGES);
    await ana.end();
    await bo.end();
  });
});

describe('the code', () => {
  test('is square, black on white, of whole pixels, on every screen', { timeout: 60_000 }, async () => {
    for (const [width, height] of SIZES) {
      for (const deviceScaleFactor of [1, 1.5, 2.625, 3]) {
        const phone = await Phone.open(browser, { context: { viewport: { width, height }, deviceScaleFactor } });
        await phone.begin();
        await checkCode(phone, `${width}x${height} at ${deviceScaleFactor}`);
        const box = await phone.code.boundingBox();
        const most = Math.min(width, 0.7 * height);
        assert.ok(Math.max(box.width, box.height) >= 0.75 * most, `${width}x${height}: ${box.width} of ${most} wide`);
        await phone.end();
      }
    }
  });

  test('stays so in the dark, with forced colours, and with a style that inverts', { timeout: 60_000 }, async () => {
    for (const [name, media, style] of /** @type {const} */ ([
      ['dark', { colorScheme: 'dark' }, ''],
      ['forced colours', { forcedColors: 'active' }, ''],
      ['forced colours, dark', { forcedColors: 'active', colorScheme: 'dark' }, ''],
      ['an inverting style', {}, '* { background-color: #111 !important; color: #eee !important; border-color: #444 !important }'],
      ['an inverting filter', {}, 'html { filter: invert(1) hue-rotate(180deg) } img, video, canvas { filter: invert(1) hue-rotate(180deg) }'],
    ])) {
      const phone = await Phone.open(browser);
      await phone.page.emulateMedia(media);
      if (style) {
        await phone.page.evaluate((css) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(css);
          document.adoptedStyleSheets = [sheet];
        }, style);
      }
      await phone.begin();
      await checkCode(phone, name);
      await phone.page.screenshot({ path: path.join(PICTURES, `code-${name.replaceAll(/\W+/g, '-')}.png`) });
      await phone.end();
    }
  });
});
