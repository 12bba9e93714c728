// The module alone: the published pairings and files to the last byte, age's other
// implementation, and every error.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as age from 'age-encryption';
import { CREATED, NOW, bytes, digits, pair, refused, sighted, withKey, words } from './harness/devices.mjs';
import { draw } from './harness/frame.mjs';
import { scripted, seededBytes } from './harness/random.mjs';
import { SHOWN, derivations, drawn, exportFiles, file, keyFiles, pairings } from './harness/vectors.mjs';
import { Instance } from './harness/wasm.mjs';

describe('published pairings', () => {
  for (const [i, vector] of pairings.entries()) {
    for (const own of /** @type {const} */ (['initiator', 'responder'])) {
      test(`${i + 1}: ${vector.note}: the ${own}`, async () => {
        const other = own === 'initiator' ? 'responder' : 'initiator';
        const party = vector[own];
        const random = scripted(drawn(vector, own));
        const device = await Instance.load({ random });
        const begun = device.json('begin', party.name, 0, party.suites === 1 ? 1 : 0);
        assert.deepEqual(begun, { name: party.name });
        const { shows, reads } = SHOWN[own];
        const events = [];
        for (const [step, frame] of shows.entries()) {
          // A phone shares no card, so what says CONFIRM and DONE differs where the vector has one.
          if (party.card === '' || !['CONFIRM', 'DONE'].includes(frame)) {
            assert.equal(device.text('text'), vector.texts[frame], frame);
          }
          const next = reads[step];
          const form = step % 2 === 0 ? 'codes' : 'texts';
          if (next) events.push(...device.json('sighted', vector[form][next], NOW));
        }
        assert.equal(random.left.length, 0, 'everything was drawn that the vector draws');
        const names = events.map((event) => event.event);
        assert.equal(names.filter((name) => name === 'finished').length, 1, names.join());
        assert.deepEqual(events.find((event) => event.event === 'locked').role, own);
        const shown = vector.check_code[`${own}_shows`];
        assert.equal(events.find((event) => event.event === 'check-code').digits, shown);

        const summary = device.json('summary', null, CREATED);
        assert.equal(summary.peer, vector[other].name);
        assert.equal(summary.suite, vector.suite);
        assert.equal(summary.post_quantum, vector.suite === 2);
        assert.equal(summary.role, own);
        assert.equal(summary.acknowledged, true);
        assert.equal(summary.compared, false);
        assert.equal(summary.safety_number.replaceAll(' ', ''), vector.safety_number);
        assert.equal(summary.check_code.replace(' ', ''), shown);
        const raw = vector.exports.find((/** @type {any} */ one) => one.label === 'raw' && one.context === '');
        assert.equal(words(device.exportFor('hex', { unix: CREATED })).trim(), raw.output);

        // The file that the documents give for this pairing.
        const key = device.json('key_json');
        assert.equal(Buffer.from(key.exporter, 'base64url').toString('hex'), vector.exporter);
        const published = keyFiles.find((/** @type {any} */ one) => one.key_id === key.key_id && one.role === own);
        if (published) {
          for (const member of Object.keys(published)) {
            if (!['verified', 'created'].includes(member)) assert.deepEqual(key[member], published[member], member);
          }
        }
        assert.equal(device.json('compare', shown, CREATED).result, 'own-digits');
        assert.equal(device.json('compare', vector.check_code[`${other}_shows`], CREATED).result, 'match');
        assert.equal(device.json('summary', null, CREATED).compared, true);
      });
    }
  }

  test('parts of a code, in any order', async () => {
    let played = 0;
    for (const vector of pairings) {
      for (const own of /** @type {const} */ (['initiator', 'responder'])) {
        const device = await Instance.load({ random: scripted(drawn(vector, own)) });
        device.call('begin', vector[own].name, 0, vector[own].suites === 1 ? 1 : 0);
        const parts = [];
        for (const frame of SHOWN[own].reads) {
          const codes = vector.fragments?.[frame]?.codes;
          if (!codes) {
            device.call('sighted', vector.codes[frame], NOW);
            continue;
          }
          for (const code of [...codes].reverse()) parts.push(...device.json('sighted', code, NOW));
          played += 1;
        }
        const told = parts.filter((event) => event.event === 'part');
        for (const event of told) assert.ok(event.have >= 1 && event.have <= event.count, JSON.stringify(event));
        assert.equal(device.json('summary', null, CREATED).acknowledged, true);
      }
    }
    assert.ok(played >= 3, `${played} messages were in parts`);
  });

  test('what is shown is the code of what is said', async () => {
    const reader = await Instance.load();
    for (const suites of [1, 0]) {
      const devices = await Promise.all([3, 4].map((seed) => Instance.load({ random: seededBytes(seed) })));
      devices.forEach((device, i) => device.call('begin', `Device ${i}`, 0, suites));
      const most = { count: 0 };
      // By pictures alone: what one shows, the other reads, as time goes on.
      let now = 0;
      const finished = () => devices.every((device) => {
        try {
          return device.json('summary', null, CREATED).acknowledged;
        } catch {
          return false;
        }
      });
      for (; !finished() && now < 120_000; now += 100) {
        for (const [i, device] of devices.entries()) {
          const code = device.call('code', null, now);
          if (code.length === 0) continue;
          const [side, version, k, n] = code;
          assert.equal(code.length, 4 + side * side);
          assert.equal(side, 17 + 4 * version);
          assert.ok(k >= 1 && k <= n, `${k} of ${n}`);
          most.count = Math.max(most.count, n);
          const seen = reader.codes(draw({ side, modules: code.subarray(4) }, { width: 640, height: 640, size: 560, angle: 0 }, 5));
          assert.equal(seen.length, 1, `version ${version} at ${now} ms`);
          devices[1 - i].call('sighted', seen[0].bytes, now);
          device.call('tick', null, now);
        }
      }
      assert.ok(finished(), `suite ${suites}: not paired after ${now} ms`);
      assert.equal(devices[0].json('summary', null, CREATED).key_id, devices[1].json('summary', null, CREATED).key_id);
      assert.ok(suites === 1 || most.count > 1, 'suite 2 is shown in parts');
    }
  });
});

describe('exports', () => {
  for (const published of exportFiles) {
    const { target, choices, sides, key_id: id } = published;
    test(`${target} ${Object.keys(choices).join(' ')} of ${id}, ${sides.join(' and ')}`, async () => {
      for (const side of sides) {
        const key = keyFiles.find((/** @type {any} */ one) => one.key_id === id && one.role === side);
        const device = await withKey(key);
        const made = Buffer.from(device.exportFor(target, { options: choices, unix: CREATED }));
        const expected = published.text !== undefined ? Buffer.from(published.text) : Buffer.from(published.bytes, 'hex');
        assert.deepEqual(made, expected);
        const details = device.json('export_details');
        assert.equal(details.public?.text ?? null, published.public);
        assert.match(details.file_name, /^[\x21-\x7e ]{1,64}$/);
      }
    });
  }

  test('a key of its own for each purpose', async () => {
    let tried = 0;
    for (const { key_id: id, label, purpose, length, output } of derivations) {
      if (label !== 'raw' || length !== 32) continue;
      const device = await withKey(keyFiles.find((/** @type {any} */ one) => one.key_id === id));
      assert.equal(words(device.exportFor('hex', { purpose, unix: CREATED })).trim(), output, purpose);
      tried += 1;
    }
    assert.ok(tried >= 4);
  });

  test('every target has a title, a summary and a name for its file; none is an option too many', async () => {
    const device = await withKey(keyFiles[0]);
    const targets = device.json('targets');
    const known = new Set(exportFiles.map((/** @type {any} */ one) => one.target));
    for (const name of known) assert.ok(targets.some((/** @type {any} */ one) => one.name === name), name);
    for (const target of targets) {
      assert.ok(target.title && target.summary && target.file_name, target.name);
      for (const option of target.options) assert.ok(['text', 'choice', 'flag'].includes(option.kind), option.name);
    }
    const pq = targets.find((/** @type {any} */ one) => one.name === 'age-pq');
    assert.equal(typeof pq.refused, 'string', 'a key of suite 1 gives no post-quantum identity');
  });
});

describe('files', () => {
  test('sealed by one, opened by both', async () => {
    for (const suites of [1, 0]) {
      const { both: [ana, bo] } = await pair(suites);
      for (const size of [0, 5, 65_536, 200_001]) {
        const content = new Uint8Array(size);
        seededBytes(size)(content);
        for (const [one, other] of [[ana, bo], [bo, ana]]) {
          const sealed = one.stream('seal', content, '', CREATED);
          assert.equal(sealed.told.bytes, size);
          for (const [device, by] of /** @type {const} */ ([[other, 'peer'], [one, 'this-device']])) {
            const opened = device.stream('open', sealed.bytes);
            assert.deepEqual(opened.told, { ...opened.told, bytes: size, sealed_by: by });
            assert.ok(opened.bytes.equals(content));
          }
        }
      }
      const office = ana.stream('seal', bytes('Noon.'), 'office', CREATED).bytes;
      refused('file', () => bo.stream('open', office));
      assert.equal(words(bo.stream('open', office, 'home\noffice').bytes), 'Noon.');
    }
  });

  test('a file of an earlier version opens and names nobody', async () => {
    const device = await Instance.load();
    device.importKey('', file('example.keyglance'), CREATED);
    const opened = device.stream('open', file('sealed-by-0.1.age'));
    assert.equal(words(opened.bytes), 'Noon.');
    assert.equal(opened.told.sealed_by, 'unknown');
    assert.ok(opened.told.why.length > 10);
  });

  test('a byte that was changed, or is missing, is told', async () => {
    const { both: [ana, bo] } = await pair();
    const content = new Uint8Array(140_000);
    const sealed = ana.stream('seal', content, '', CREATED).bytes;
    for (const at of [0, 30, 200, sealed.length - 100_000, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] ^= 1;
      refused('file', () => bo.stream('open', changed));
    }
    for (const length of [0, 10, 300, 65_536, sealed.length - 1]) {
      refused('file', () => bo.stream('open', sealed.subarray(0, length)));
    }
    assert.equal(bo.stream('open', sealed).bytes.length, content.length);
  });

  test('age-encryption opens what is sealed here, and seals what opens here', async () => {
    const { initiator, responder } = await pair();
    const blocks = words(initiator.exportFor('sealed-files', { unix: CREATED }));
    const identities = blocks.split('\n').filter((line) => line.startsWith('AGE-SECRET-KEY-'));
    assert.equal(identities.length, 2);
    for (const [device, identity, wrong] of [
      [initiator, identities[0], identities[1]], [responder, identities[1], identities[0]],
    ]) {
      const sealed = device.stream('seal', bytes('Noon.'), '', CREATED).bytes;
      const right = new age.Decrypter();
      right.addIdentity(identity);
      assert.equal(await right.decrypt(sealed, 'text'), 'Noon.');
      const other = new age.Decrypter();
      other.addIdentity(wrong);
      await assert.rejects(other.decrypt(sealed, 'text'));

      const encrypter = new age.Encrypter();
      encrypter.addRecipient(await age.identityToRecipient(identity));
      const theirs = await encrypter.encrypt('From elsewhere.');
      const opened = device.stream('open', theirs);
      assert.equal(words(opened.bytes), 'From elsewhere.');
      assert.equal(opened.told.sealed_by, 'this-device');
    }
    // To the recipient that is public: it opens, and nobody is named.
    const own = words(initiator.exportFor('age', { unix: CREATED }));
    const encrypter = new age.Encrypter();
    encrypter.addRecipient(await age.identityToRecipient(/AGE-SECRET-KEY-\S+/.exec(own)[0]));
    const opened = responder.stream('open', await encrypter.encrypt('Public.'));
    assert.deepEqual([words(opened.bytes), opened.told.sealed_by], ['Public.', 'unknown']);
  });

  test('age-encryption takes the post-quantum identity', async () => {
    const { initiator } = await pair();
    const made = words(initiator.exportFor('age-pq', { unix: CREATED }));
    const identity = /AGE-SECRET-KEY-PQ-\S+/.exec(made)[0];
    const recipient = await age.identityToRecipient(identity);
    assert.equal(recipient, initiator.json('export_details').public.text.trim());
    const encrypter = new age.Encrypter();
    encrypter.addRecipient(recipient);
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(identity);
    assert.equal(await decrypter.decrypt(await encrypter.encrypt('Later.'), 'text'), 'Later.');
  });

  test('a key file under a passphrase, with age-encryption both ways', async () => {
    const { both: [ana, bo] } = await pair();
    const passphrase = 'unusual tractor piano window';
    assert.equal(bo.json('compare', digits(ana), CREATED).result, 'match');
    const saved = bo.call('key_file', passphrase, 10);
    const decrypter = new age.Decrypter();
    decrypter.addPassphrase(passphrase);
    const key = JSON.parse(await decrypter.decrypt(age.armor.decode(words(saved)), 'text'));
    assert.deepEqual(key, bo.json('key_json'));

    const later = await Instance.load();
    refused('passphrase', () => later.importKey('unusual tractor piano door', saved, CREATED));
    const summary = later.importKey(passphrase, saved, CREATED);
    // The file says so, which proves nothing, as in the program.
    assert.deepEqual([summary.peer, summary.compared, summary.claimed], ['Ana', false, 'check-code']);
    assert.deepEqual(later.exportFor('keepassxc', { unix: CREATED }), bo.exportFor('keepassxc', { unix: CREATED }));
    assert.equal(words(later.stream('open', ana.stream('seal', bytes('Noon.'), '', CREATED).bytes).bytes), 'Noon.');

    const encrypter = new age.Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(10);
    const theirs = await encrypter.encrypt(JSON.stringify(key));
    assert.equal((await Instance.load()).importKey(passphrase, theirs, CREATED).key_id, key.key_id);
  });

  test('what was not compared stays so in the file, and cannot be guessed from it', async () => {
    const { both: [ana, bo] } = await pair();
    const wrong = digits(ana) === '000001' ? '000002' : '000001';
    assert.deepEqual(bo.json('compare', wrong, CREATED), { result: 'wrong', left: 1 });
    const saved = bo.call('key_file', 'unusual tractor piano window', 10);
    const later = await Instance.load();
    const summary = later.importKey('unusual tractor piano window', saved, CREATED);
    assert.deepEqual([summary.compared, summary.claimed, summary.check_code], [false, null, null]);
    refused('state', () => later.json('compare', digits(ana), CREATED));
  });
});

describe('comparing', () => {
  test('two wrong entries wipe the key', async () => {
    const { both: [ana, bo] } = await pair();
    const right = digits(ana);
    const [one, two] = ['000001', '000002', '000003'].filter((entry) => ![right, digits(bo)].includes(entry));
    assert.equal(bo.json('compare', '12345', CREATED).result, 'not-six-digits');
    assert.equal(bo.json('compare', digits(bo), CREATED).result, 'own-digits');
    assert.deepEqual(bo.json('compare', one, CREATED), { result: 'wrong', left: 1 });
    assert.equal(bo.json('compare', two, CREATED).result, 'mismatch');
    for (const call of [
      () => bo.json('compare', right, CREATED),
      () => bo.exportFor('hex', { unix: CREATED }),
      () => bo.json('key_json'),
      () => bo.call('key_file', 'unusual tractor piano window', 10),
      () => bo.stream('seal', bytes('x'), '', CREATED),
    ]) refused('retired', call);
    assert.equal(bo.call('code', null, NOW).length, 0, 'nothing is shown any more');
  });

  test('a person who says no wipes it at once', async () => {
    const { both: [, bo] } = await pair();
    bo.call('differ');
    refused('retired', () => bo.exportFor('hex', { unix: CREATED }));
  });

  test('a device between the two gives other digits', async () => {
    const [ana, bo, left, right] = await Promise.all([1, 2, 3, 4].map((seed) => Instance.load({ random: seededBytes(seed) })));
    for (const [device, name] of /** @type {const} */ ([[ana, 'Ana'], [bo, 'Bo'], [left, 'Bo'], [right, 'Ana']])) {
      device.call('begin', name, NOW, 0);
    }
    for (const [one, other] of [[ana, left], [bo, right]]) {
      for (let i = 0; i < 12; i++) {
        const [from, to] = i % 2 ? [one, other] : [other, one];
        to.call('sighted', from.text('text'), NOW);
      }
    }
    assert.equal(ana.json('summary', null, CREATED).peer, 'Bo');
    assert.equal(ana.json('compare', digits(bo), CREATED).result, 'wrong');
    assert.equal(bo.json('compare', digits(ana), CREATED).result, 'wrong');
  });

  test('a card is told by name', async () => {
    const vector = pairings.find((one) => one.responder.card !== '' && one.suite === 1);
    const device = await Instance.load({ random: scripted(drawn(vector, 'initiator')) });
    device.call('begin', vector.initiator.name, 0, vector.initiator.suites === 1 ? 1 : 0);
    for (const frame of SHOWN.initiator.reads) device.call('sighted', vector.texts[frame], NOW);
    const card = device.json('card');
    assert.ok(card.length >= 1);
    for (const entry of card) assert.ok(entry.kind && entry.title && entry.text, JSON.stringify(entry));
    assert.deepEqual(card.map((entry) => entry.kind), ['syncthing', 'openpgp', 'refused', 'unknown']);
    assert.equal(card[3].text, '61206c617465722074797065');
    // Of use only once it is compared.
    refused('not-compared', () => device.exportFor('syncthing', { unix: CREATED }));
    device.json('compare', vector.check_code.responder_shows, CREATED);
    assert.ok(words(device.exportFor('syncthing', { unix: CREATED })).includes(card[0].text));
  });
});

test('every error of the table is reached, and loses nothing', async () => {
  const { initiator, responder } = await pair(1);
  const fresh = await Instance.load();
  const passphrase = 'unusual tractor piano window';
  const saved = responder.call('key_file', passphrase, 10);
  const unix = CREATED;

  refused('input', () => fresh.call('begin', Uint8Array.of(0xff, 0xfe), 0, 0));
  refused('input', () => responder.json('compare', Uint8Array.of(0xff), unix));
  refused('input', () => responder.call('export', Uint8Array.of(0xff), unix));
  refused('input', () => fresh.call('import', Uint8Array.of(9, 0, 0, 0, 1), unix));
  for (const call of [
    () => fresh.json('summary', null, unix), () => fresh.exportFor('hex', { unix }),
    () => fresh.json('compare', '123456', unix), () => fresh.stream('seal', bytes('x'), '', unix),
    () => fresh.call('key_file', passphrase, 10), () => fresh.json('key_json'),
  ]) refused('state', call);
  for (const name of ['n'.repeat(64), 'two\nlines']) refused('name', () => fresh.call('begin', name, 0, 0));
  refused('target', () => responder.exportFor('no-such-target', { unix }));
  refused('target', () => responder.exportFor('hex', { unix, options: { no_such_option: 'x' } }));
  refused('target', () => responder.exportFor('words', { unix, options: { words: '13' } }));
  for (const none of ['', 'p'.repeat(100_000)]) {
    refused('passphrase', () => responder.call('key_file', none, 10));
    refused('passphrase', () => responder.call('passphrase_check', none));
  }
  responder.call('passphrase_check', passphrase);
  refused('passphrase', () => fresh.importKey('another tractor piano window', saved, unix));
  refused('file', () => fresh.importKey('', bytes('{"format":"something"}'), unix));
  refused('file', () => fresh.importKey(passphrase, saved.slice(0, 100), unix));
  refused('file', () => responder.stream('open', bytes('no age file')));
  const header = Buffer.from(age.armor.decode(words(saved))).toString('latin1');
  const costly = Buffer.from(header.replace(/^(-> scrypt \S+) 10$/m, '$1 30'), 'latin1');
  refused('memory', () => fresh.importKey(passphrase, costly, unix));
  refused('too-long', () => fresh.encode(new Uint8Array(3000)));
  refused('not-post-quantum', () => responder.exportFor('age-pq', { unix }));

  Object.assign(responder.host, { read: () => -1, write: () => 0 });
  refused('read', () => responder.call('seal', '', unix));
  refused('read', () => responder.call('open', ''));
  Object.assign(responder.host, { read: () => 0, write: () => -1 });
  refused('write', () => responder.call('seal', '', unix));
  Object.assign(responder.host, { read: undefined, write: undefined });

  // The side that waits for the other's last word.
  const [one, two] = await Promise.all([5, 6].map((seed) => Instance.load({ random: seededBytes(seed) })));
  [one, two].forEach((device) => device.call('begin', 'Device', NOW, 1));
  const seen = [one, two].map(() => false);
  for (let i = 0; i < 6 && !seen.includes(true); i++) {
    const [from, to] = i % 2 ? [one, two] : [two, one];
    const events = sighted(to, from.text('text'));
    if (events.includes('paired') && !events.includes('finished')) seen[i % 2 ? 1 : 0] = true;
  }
  const waiting = [one, two][seen.indexOf(true)];
  refused('not-acknowledged', () => waiting.exportFor('hex', { unix }));
  assert.ok(waiting.json('acknowledge').some((/** @type {any} */ event) => event.event === 'finished'));
  assert.ok(waiting.exportFor('hex', { unix }).length > 0);

  // Nothing of all that took a key away.
  const [ours, theirs] = [digits(initiator), digits(responder)];
  assert.equal(initiator.json('compare', theirs, unix).result, 'match');
  assert.equal(responder.json('compare', ours, unix).result, 'match');
  initiator.call('wipe');
  refused('state', () => initiator.exportFor('hex', { unix }));
  initiator.call('begin', 'Again', 0, 0);
  assert.ok(initiator.text('text').startsWith('kg1:'));
});

test('a wiped key is nowhere in the memory', async () => {
  const { both: [ana] } = await pair();
  const key = ana.json('key_json');
  const secret = Buffer.from(key.exporter, 'base64url');
  const exported = Buffer.from(ana.exportFor('hex', { unix: CREATED }));
  const holds = (/** @type {Buffer} */ what) => Buffer.from(ana.exports.memory.buffer).includes(what);
  assert.ok(holds(exported), 'the output is where the page reads it');
  ana.call('wipe');
  assert.ok(!holds(exported), 'the output buffer');
  assert.ok(!holds(secret), 'the exporter secret');
  assert.ok(!holds(Buffer.from(key.exporter)), 'the exporter secret as text');
});
