// What is built: the same bytes each time, small enough, and asking nobody for anything.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { PAGE, SOURCE, WORK } from './harness/places.mjs';
import { FILES } from './harness/server.mjs';
import { moduleBytes } from './harness/wasm.mjs';

const BUILD = path.join(SOURCE, 'crates/keyglance-phone/page/build.py');
const page = fs.readFileSync(path.join(PAGE, 'index.html'), 'utf8');
const sha256 = (/** @type {string | Buffer} */ of, /** @type {'hex' | 'base64'} */ form) =>
  createHash('sha256').update(of).digest(form);
const one = (/** @type {RegExp} */ what) => {
  const all = [...page.matchAll(what)];
  assert.equal(all.length, 1, `${what}: ${all.length}`);
  return all[0][1];
};

test('the files are all there, and nothing else', () => {
  assert.deepEqual(fs.readdirSync(PAGE).filter((name) => FILES.includes(name)).sort(), [...FILES].sort());
});

test('at most 600,000 bytes as a host sends them', () => {
  const bytes = zlib.gzipSync(page, { level: 9 }).length;
  console.log(`index.html ${Buffer.byteLength(page)} bytes, ${bytes} gzipped; module ${moduleBytes().length}`);
  assert.ok(bytes <= 600_000, `${bytes}`);
});

test('the policy is the design’s, with the hashes of what is in the page', () => {
  const script = sha256(one(/<script>([^]*?)<\/script>/g), 'base64');
  const style = sha256(one(/<style>([^]*?)<\/style>/g), 'base64');
  const policy = one(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/gi);
  const rules = policy.split(';').map((rule) => rule.trim()).filter(Boolean);
  assert.deepEqual(rules.sort(), [
    "default-src 'none'", "connect-src 'none'", `script-src 'sha256-${script}' 'wasm-unsafe-eval'`,
    "worker-src blob: 'self'", "manifest-src 'self'", "img-src 'self' blob:", 'media-src blob: mediastream:',
    `style-src 'sha256-${style}'`, "form-action 'none'", "base-uri 'none'",
  ].sort());
  const before = page.slice(0, page.search(/<meta http-equiv="Content-Security-Policy"/i));
  assert.doesNotMatch(before, /<(script|style|link|img)/i, 'the policy comes first');
});

test('nothing in the page, its worker or its manifest is of another host', () => {
  for (const name of ['index.html', 'sw.js', 'manifest.webmanifest']) {
    const text = fs.readFileSync(path.join(PAGE, name), 'utf8');
    const addresses = text.match(/\b(?:https?|wss?|ftp):\/\/[^\s"'`<>)]*/g) ?? [];
    // How an address begins, in a sentence; and the name of a language, which nobody asks for.
    const asked = addresses.filter((address) => !['https://', 'https://.', 'http://www.w3.org/2000/svg'].includes(address));
    assert.deepEqual(asked, [], name);
    assert.doesNotMatch(text, /(?:src|href)=["']\/\//, name);
  }
  assert.doesNotMatch(page, /<(?:a|form|iframe|object|embed)\b[^>]*(?:href|action|src)/i, 'no links, no forms');
  assert.doesNotMatch(page, /\b(?:localStorage|sessionStorage|indexedDB|document\.cookie)\b/, 'nothing is kept');
  assert.doesNotMatch(page, /\.innerHTML|insertAdjacentHTML|document\.write/, 'texts are texts');
});

test('SHA256SUMS is right', () => {
  const text = fs.readFileSync(path.join(PAGE, 'SHA256SUMS'), 'utf8');
  const sums = text.split('\n').filter((line) => /^[0-9a-f]{64}  /.test(line)).map((line) => line.split('  '));
  assert.deepEqual(sums.map(([, name]) => name).sort(), FILES.filter((name) => name !== 'SHA256SUMS').sort());
  for (const [sum, name] of sums) assert.equal(sha256(fs.readFileSync(path.join(PAGE, name)), 'hex'), sum, name);
  assert.match(text, /^# compiler: .*\d+\.\d+/m, 'with what it was compiled');
});

test('the last step gives the same bytes each time, and those that are here', (context) => {
  const module = path.join(WORK, 'module.wasm');
  fs.writeFileSync(module, moduleBytes());
  try {
    execFileSync('python3', ['--version'], { stdio: 'pipe' });
  } catch {
    return context.skip('python3 not found');
  }
  for (const round of ['one', 'two']) {
    const to = path.join(WORK, `built-${round}`);
    fs.rmSync(to, { recursive: true, force: true });
    // Another folder, another time zone, another order of files.
    const env = { ...process.env, TZ: round === 'one' ? 'Asia/Tokyo' : 'UTC', PYTHONHASHSEED: round === 'one' ? '1' : '2' };
    execFileSync('python3', ['-B', BUILD, module, to], { stdio: 'pipe', env });
    for (const name of FILES.filter((file) => file !== 'SHA256SUMS')) {
      const [made, here] = [path.join(to, name), path.join(PAGE, name)].map((file) => fs.readFileSync(file));
      assert.ok(made.equals(here), `${name}, round ${round}`);
    }
  }
});
