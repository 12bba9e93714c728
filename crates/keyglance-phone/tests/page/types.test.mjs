// The page's scripts and these tests say what their values are, and it holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SOURCE, WORK } from './harness/places.mjs';

const PAGE = path.join(SOURCE, 'crates/keyglance-phone/page');

/** @param {string[]} names @param {string[]} libraries */
function check(names, libraries) {
  const args = [
    '--noEmit', '--allowJs', '--checkJs', '--strict', '--target', 'es2022', '--lib', ['es2022', ...libraries].join(),
    ...names.map((name) => path.join(PAGE, name)),
  ];
  try {
    execFileSync(process.execPath, [path.join(WORK, 'node_modules/typescript/bin/tsc'), ...args], { stdio: 'pipe' });
  } catch (error) {
    assert.fail(`${error.stdout}`);
  }
}

test('tsc finds nothing in the page and in its service worker', { timeout: 60_000 }, () => {
  const scripts = fs.readdirSync(PAGE).filter((name) => name.endsWith('.js') && name !== 'sw.js').sort();
  assert.ok(scripts.length >= 3, scripts.join());
  // One closure in the page, so one program here.
  check(scripts, ['dom', 'dom.iterable']);
  check(['sw.js'], ['webworker', 'webworker.iterable']);
});
