// Devices that pair with each other, with nothing between them, and how calls are refused.
import assert from 'node:assert/strict';
import { seededBytes } from './random.mjs';
import { ERRORS, Instance, Refused } from './wasm.mjs';

export const CREATED = Date.parse('2026-11-23T04:00:00Z');
export const NOW = 1000;
export const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
export const words = (/** @type {Uint8Array} */ from) => new TextDecoder().decode(from);

/** Reads a text as a code in view. @returns {string[]} the events' names */
export function sighted(/** @type {Instance} */ session, /** @type {string | Uint8Array} */ code, now = NOW) {
  return session.json('sighted', code, now).map((/** @type {any} */ event) => event.event);
}

/** Two devices that read each other's codes until both are done. */
export async function pair(suites = 0, seeds = [1, 2], names = ['Ana', 'Bo']) {
  const both = await Promise.all(seeds.map((seed) => Instance.load({ random: seededBytes(seed) })));
  both.forEach((device, i) => device.call('begin', names[i], NOW, suites));
  const events = [[], []];
  for (let i = 0; i < 12; i++) {
    const [from, to] = [both[i % 2], both[1 - (i % 2)]];
    events[1 - (i % 2)].push(...to.json('sighted', from.text('text'), NOW));
  }
  const roles = both.map((device) => device.json('summary', null, CREATED).role);
  assert.deepEqual([...roles].sort(), ['initiator', 'responder']);
  return { both, events, initiator: both[roles.indexOf('initiator')], responder: both[roles.indexOf('responder')] };
}

/** The digits that a device's screen shows. */
export const digits = (/** @type {Instance} */ device) =>
  device.json('summary', null, CREATED).check_code.replace(' ', '');

export async function withKey(/** @type {any} */ key) {
  const device = await Instance.load();
  device.importKey('', bytes(JSON.stringify(key)), CREATED);
  return device;
}

export function refused(/** @type {keyof typeof ERRORS} */ name, /** @type {() => unknown} */ call) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof Refused, String(error));
    assert.equal(error.code, ERRORS[name], error.message);
    assert.equal(error.told.error, name);
    assert.match(error.told.text, /^[^{}:]{8,}/, 'what happened, in words');
    return true;
  });
}
