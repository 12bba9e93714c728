// The page in a browser and the real program see each other, by pictures.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Phone, face, launch, until } from './harness/browser.mjs';
import { commitment } from './harness/hello.mjs';
import { Home, skipped } from './harness/program.mjs';

const PASSPHRASE = 'unusual tractor piano window';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => (browser = await launch()));
after(async () => {
  Home.endAll();
  await browser.close();
});

const first = (/** @type {{shown: () => any}} */ device, /** @type {string} */ what) => until(what, async () => {
  const picture = await device.shown();
  return picture && commitment(picture);
});

/**
 * Opens both until the page's role falls so: it is the initiator's whose commitment is smaller.
 * @param {'initiator' | 'responder'} role @param {Home} home @param {string[]} args of the program
 */
async function start(role, home, ...args) {
  const isInitiator = role === 'initiator';
  for (;;) {
    const program = home.pair(...args);
    const theirs = await first(program, 'the program’s first code');
    // The page gets its role by one try in two, or better.
    if (theirs[0] >= 0x80 !== isInitiator) {
      await program.stop();
      continue;
    }
    for (;;) {
      const phone = await Phone.open(browser);
      await phone.begin('Ana’s phone');
      const ours = await first(phone, 'the page’s first code');
      if (Buffer.compare(ours, theirs) < 0 === isInitiator) return { program, phone };
      await phone.end();
    }
  }
}

/** Pairs both, up to the digits. */
async function pair(role, suite, home = new Home(), args = []) {
  const { program, phone } = await start(role, home, '--name', 'Desk laptop', '--suite', `${suite}`, ...args);
  const began = Date.now();
  const [ours, theirs] = await face(phone, program);
  console.log(`paired as ${role} in suite ${suite}: ${Date.now() - began} ms`);
  return { home, program, phone, ours, theirs };
}

/** Both persons type what the other screen shows. */
async function compared({ phone, program, ours, theirs }) {
  await phone.types(theirs);
  program.types(ours);
  const { code, said, err } = await program.result();
  assert.equal(code, 0, err);
  await phone.button('Use it').waitFor();
  return said;
}

/** The settings of a WireGuard configuration. @param {string} text */
const wireguard = (text) => Object.fromEntries([...text.matchAll(/^(\w+) = (.*)$/gm)].map(([, name, value]) => [name, value]));

/** @param {string} secret in base64 */
function x25519Public(secret) {
  const key = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(secret, 'base64')]);
  const pair = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  return pair.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

describe('with the program', { skip: skipped }, () => {
  for (const suite of [1, 2]) {
    for (const role of /** @type {const} */ (['initiator', 'responder'])) {
      test(`the page as ${role} in suite ${suite}: digits, exports, files`, { timeout: 90_000 }, async () => {
        const paired = await pair(role, suite);
        const { home, phone, ours, theirs } = paired;
        try {
          assert.notEqual(ours, theirs, 'each screen shows its own digits');
          const said = await compared(paired);
          assert.equal(said.role, role === 'initiator' ? 'responder' : 'initiator');
          assert.equal(said.post_quantum, suite === 2);
          assert.equal(said.verified, true);
          assert.equal(said.check_code, theirs);
          assert.equal(said.suggested_name, 'Ana’s phone');
          assert.ok(await phone.says(/You and Desk laptop share a key/));

          const exported = (/** @type {string} */ target, /** @type {string[]} */ ...options) => {
            home.run('export', said.key_id, '--for', target, '--without-passphrase', ...options, '--out', home.path(target));
            return fs.readFileSync(home.path(target));
          };
          const targets = [
            ['keepassxc', '.keyx'], ['age', '.txt'], ['passphrase', '.txt'], ['words', '.txt'], ['wireguard-psk', '.psk'],
            ...(suite === 2 ? [['age-pq', '.txt']] : []),
          ];
          for (const [target, ending] of targets) {
            const made = await phone.exports(target);
            assert.ok(made.name.endsWith(ending) && /^[\x20-\x7e]{1,64}$/.test(made.name), made.name);
            // age's file says when it was made.
            const undated = (/** @type {Buffer} */ bytes) => bytes.toString('latin1').replace(/^# created: \S+$/m, '');
            assert.equal(undated(made.bytes), undated(exported(target)), target);
          }
          // A tunnel has two sides: each has the public key of the other's private one.
          const made = await phone.exports('wireguard', (page) => page.getByRole('checkbox', { name: /both devices are mine/i }).check());
          assert.ok(made.name.endsWith('.conf'), made.name);
          const sides = [made.bytes, exported('wireguard', '--own-devices')].map((side) => wireguard(side.toString()));
          for (const [one, other] of [sides, [...sides].reverse()]) {
            assert.equal(other.PublicKey, x25519Public(one.PrivateKey));
            assert.deepEqual([other.AllowedIPs, other.PresharedKey], [one.Address, one.PresharedKey]);
          }

          const letter = Buffer.from('For the phone.\n'.repeat(9000));
          fs.writeFileSync(home.path('letter.txt'), letter);
          home.run('seal', 'letter.txt', '--for', said.key_id);
          const opened = await phone.opens('letter.txt.age', fs.readFileSync(home.path('letter.txt.age')));
          assert.equal(opened.name, 'letter.txt');
          assert.ok(opened.bytes.equals(letter));
          assert.match(opened.by, /Sealed by Desk laptop/);

          const sealed = await phone.seals('answer.txt', Buffer.from('From the phone.\n'));
          assert.equal(sealed.name, 'answer.txt.age');
          fs.writeFileSync(home.path('answer.txt.age'), sealed.bytes);
          const told = JSON.parse(home.run('open', 'answer.txt.age', '--json').toString());
          assert.deepEqual([told.sealed_by, told.contact], ['peer', said.contact]);
          assert.equal(fs.readFileSync(home.path('answer.txt'), 'utf8'), 'From the phone.\n');
        } finally {
          await phone.end();
          home.end();
        }
      });
    }
  }

  test('a saved key file is taken by the program, and opened by the page again', { timeout: 90_000 }, async () => {
    const paired = await pair('responder', 1);
    const { home, phone } = paired;
    const elsewhere = new Home();
    try {
      const said = await compared(paired);
      const saved = await phone.savesKey(PASSPHRASE);
      assert.match(saved.name, /\.keyglance\.age$/);
      assert.ok(saved.bytes.toString('latin1').startsWith('-----BEGIN AGE ENCRYPTED FILE-----\n'));
      fs.writeFileSync(elsewhere.path(saved.name), saved.bytes);
      fs.writeFileSync(elsewhere.path('passphrase'), `${PASSPHRASE}\n`);
      elsewhere.run('import', saved.name, '--passphrase-file', 'passphrase');
      const listed = JSON.parse(elsewhere.run('keys', 'list', '--json').toString().trim().split('\n')[0]);
      assert.equal(JSON.stringify(listed).includes(said.key_id), true);

      const later = await Phone.open(browser);
      await later.opensKey(saved, 'a wrong passphrase');
      await later.page.getByRole('alert').filter({ hasText: /passphrase/i }).waitFor();
      await later.opensKey(saved, PASSPHRASE);
      await later.button('Use it').waitFor();
      const one = await phone.exports('keepassxc');
      const other = await later.exports('keepassxc');
      assert.ok(one.bytes.equals(other.bytes));
      await later.end();
    } finally {
      await phone.end();
      home.end();
      elsewhere.end();
    }
  });

  test('what the laptop shares arrives', { timeout: 60_000 }, async () => {
    const home = new Home();
    const key = '3RhvtScdsXophuAebr6ZItNizMxq+r0cqNWR1RdL2H4=';
    home.run('card', '--set', `wireguard=${key}`, '--set', 'host-name=desk.local', '--yes');
    const paired = await pair('initiator', 1, home, ['--share', 'wireguard,host-name']);
    try {
      await compared(paired);
      await paired.phone.shared();
      for (const text of [key, 'desk.local']) assert.ok(await paired.phone.says(text), text);
    } finally {
      await paired.phone.end();
      home.end();
    }
  });

  test('two wrong entries wipe both', { timeout: 60_000 }, async () => {
    const paired = await pair('responder', 1);
    const { home, phone, program, ours, theirs } = paired;
    try {
      const [one, two] = ['000001', '000002', '000003', '000004'].filter((entry) => ![ours, theirs].includes(entry));
      await phone.types('12345');
      assert.ok(await phone.says(/six digits/i));
      await phone.types(one);
      await phone.page.getByRole('alert').filter({ hasText: /one (more )?try|once more/i }).waitFor();
      await phone.types(two);
      await phone.page.getByText(/No key was saved|was deleted/).filter({ visible: true }).first().waitFor();
      assert.equal(await phone.button('Use it').count(), 0);
      program.types(one);
      program.types(two);
      const { code, err } = await program.result();
      assert.equal(code, 3, err);
      assert.equal(JSON.parse(home.run('keys', 'list', '--json').toString() || '[]').keys?.length ?? 0, 0);
    } finally {
      await phone.end();
      home.end();
    }
  });

  test('somebody in the middle is seen by the digits', { timeout: 90_000 }, async () => {
    // Two programs of an attacker's: one pairs with the page, one with the laptop.
    const [laptop, towardsPhone, towardsLaptop] = [new Home(), new Home(), new Home()];
    const far = towardsLaptop.pair('--name', 'Ana’s phone', '--suite', '1');
    const honest = laptop.pair('--name', 'Desk laptop', '--suite', '1');
    const { program: near, phone } = await start('initiator', towardsPhone, '--name', 'Desk laptop', '--suite', '1');
    try {
      const [shownByPhone, attacked] = await face(phone, near);
      const [, shownByLaptop] = await face(far, honest);
      assert.notEqual(shownByLaptop, attacked);
      // The persons read each other's real screens.
      await phone.types(shownByLaptop);
      await phone.page.getByRole('alert').filter({ hasText: /one (more )?try|once more/i }).waitFor();
      await phone.types(shownByLaptop);
      await phone.page.getByText(/No key was saved|was deleted/).filter({ visible: true }).first().waitFor();
      honest.types(shownByPhone);
      honest.types(shownByPhone);
      assert.equal((await honest.result()).code, 3);
    } finally {
      await phone.end();
      for (const home of [laptop, towardsPhone, towardsLaptop]) home.end();
    }
  });

  test('leaving asks, and loses the key', { timeout: 60_000 }, async () => {
    const paired = await pair('initiator', 1);
    const { home, phone } = paired;
    try {
      await compared(paired);
      const asked = [];
      phone.page.on('dialog', async (dialog) => {
        asked.push(dialog.type());
        await (asked.length === 1 ? dialog.dismiss() : dialog.accept());
      });
      await phone.page.reload({ timeout: 3000 }).catch(() => {});
      assert.deepEqual(asked, ['beforeunload']);
      assert.ok(await phone.button('Use it').isVisible(), 'who stays has the key');
      await phone.page.reload();
      assert.equal(asked.length, 2);
      await phone.button('Pair').waitFor();
      assert.equal(await phone.button('Use it').count(), 0);
      const kept = await phone.page.evaluate(async () => ({
        cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
        databases: (await indexedDB.databases()).length,
      }));
      assert.deepEqual(kept, { cookies: '', local: 0, session: 0, databases: 0 });
    } finally {
      await phone.end();
      home.end();
    }
  });
});
