// The page's scripts and these tests say what their values are, and it holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SOURCE, WORK } from './harness/places.mjs';

const PAGE = path.join(SOURCE, 'crates/keyglance-phone/page');

test('tsc finds nothing in the page', { timeout: 60_000 }, () => {
  const scripts = fs.readdirSync(PAGE).filter((name) => name.endsWith('.js')).sort();
  assert.ok(scripts.length >= 3, scripts.join());
  for (const name of scripts) {
    const first = fs.readFileSync(path.join(PAGE, name), 'utf8').split('\n', 3).join('\n');
    assert.match(first, /^\/\/ @ts-check/m, name);
  }
  const config = fs.readdirSync(PAGE).find((name) => /^[jt]sconfig\.json$/.test(name));
  const args = config ? ['-p', path.join(PAGE, config)] : [
    '--allowJs', '--checkJs', '--strict', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable',
    ...scripts.map((name) => path.join(PAGE, name)),
  ];
  try {
    execFileSync(process.execPath, [path.join(WORK, 'node_modules/typescript/bin/tsc'), '--noEmit', ...args], { stdio: 'pipe' });
  } catch (error) {
    assert.fail(`${error.stdout}`);
  }
});
