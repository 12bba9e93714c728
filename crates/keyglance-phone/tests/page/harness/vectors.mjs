// The published vectors of keyglance-core.
import fs from 'node:fs';
import path from 'node:path';
import { CORE } from './places.mjs';

export const hex = (/** @type {string} */ text) => Buffer.from(text, 'hex');
export const file = (/** @type {string} */ name) => fs.readFileSync(path.join(CORE, 'tests/vectors', name));
const cases = (/** @type {string} */ name) => JSON.parse(file(name).toString()).cases;

/** Whole pairings: suite 1, suite 2, and a device of each. */
export const pairings = [
  ...cases('pairing.json'), ...cases('pairing-suite2.json'), ...cases('mixed.json'),
];

const keys = JSON.parse(fs.readFileSync(path.join(CORE, 'assets/key-file.vectors.json'), 'utf8'));
/** Key files of both sides, every export of them, and keys for purposes. */
export const { key_files: keyFiles, files: exportFiles, derivations } = keys;

/** What a device of a pairing draws, in order. */
export function drawn(/** @type {any} */ vector, /** @type {'initiator' | 'responder'} */ own) {
  const party = vector[own];
  const chunks = [hex(party.static_secret), hex(party.ephemeral_secret)];
  const kem = vector.ml_kem;
  if (kem && own === 'initiator') chunks.push(Buffer.concat([hex(kem.d), hex(kem.z)]));
  if (kem && own === 'responder') chunks.push(hex(kem.encapsulation_m));
  return chunks;
}

/** The frames of a pairing as each side shows and reads them. */
export const SHOWN = {
  initiator: { shows: ['HELLO_I', 'M1', 'M3', 'DONE'], reads: ['HELLO_R', 'M2', 'CONFIRM'] },
  // A responder's HELLO stays until message 1.
  responder: {
    shows: ['HELLO_R', 'HELLO_R', 'M2', 'CONFIRM', 'CONFIRM'],
    reads: ['HELLO_I', 'M1', 'M3', 'DONE'],
  },
};
