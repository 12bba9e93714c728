// Two phones that face each other, and Chromium's own camera.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Phone, face, launch } from './harness/browser.mjs';
import { WORK } from './harness/places.mjs';
import { seededBytes } from './harness/random.mjs';
import { Instance } from './harness/wasm.mjs';
import { film } from './harness/y4m.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

describe('two phones', () => {
  test('pair with each other, compare, and open what the other sealed', { timeout: 90_000 }, async () => {
    const [ana, bo] = await Promise.all([Phone.open(browser), Phone.open(browser)]);
    try {
      await ana.begin('Ana');
      await bo.begin('Bo');
      const began = Date.now();
      const [shownByAna, shownByBo] = await face(ana, bo);
      console.log(`two pages paired: ${Date.now() - began} ms`);
      assert.notEqual(shownByAna, shownByBo);
      await ana.types(shownByBo);
      await bo.types(shownByAna);
      for (const [one, other, name] of /** @type {const} */ ([[ana, bo, 'Bo'], [bo, ana, 'Ana']])) {
        await one.button('Use it').waitFor();
        assert.ok(await one.says(new RegExp(`You and ${name} share a key`)));
        const content = Buffer.from(`For ${name}.\n`);
        const sealed = await one.seals('note.txt', content);
        const opened = await other.opens(sealed.name, sealed.bytes);
        assert.ok(opened.bytes.equals(content));
      }
      const [one, other] = [await ana.exports('keepassxc'), await bo.exports('keepassxc')];
      assert.ok(one.bytes.equals(other.bytes));
    } finally {
      await ana.end();
      await bo.end();
    }
  });
});

describe('Chromium’s own camera', () => {
  test('a film of a code is read', { timeout: 90_000 }, async (context) => {
    const laptop = await Instance.load({ random: seededBytes(7) });
    laptop.call('begin', 'Laptop', 0, 1);
    const code = laptop.call('code', null, 0);
    const file = path.join(WORK, 'camera.y4m');
    film(file, [{ side: code[0], modules: code.subarray(4) }], 12);
    const other = await launch([`--use-file-for-fake-video-capture=${file}`]);
    context.after(() => other.close());
    const phone = await Phone.open(other, { camera: false });
    try {
      await phone.begin();
      // As responder it waits for the other's first message; as initiator it has answered.
      await phone.page.getByText(/I see them|They see me/).filter({ visible: true }).first().waitFor({ timeout: 20_000 });
    } finally {
      fs.rmSync(file);
      await phone.end();
    }
  });
});
