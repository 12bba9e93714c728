// Which role falls to whom, read from the first codes of both devices.
import { Instance } from './wasm.mjs';
import { decodeImage } from './png.mjs';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** The bytes of a code (base45 of RFC 9285 after "KG1:"). @param {string} code */
export function frameOf(code) {
  if (!code.startsWith('KG1:')) return null;
  const digits = [...code.slice(4)].map((character) => ALPHABET.indexOf(character));
  const bytes = [];
  for (let i = 0; i < digits.length; i += 3) {
    const [a, b = 0, c = 0] = digits.slice(i, i + 3);
    const value = a + 45 * b + 45 * 45 * c;
    if (i + 2 < digits.length) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Buffer.from(bytes);
}

let reader;
/** The code in a picture. @param {Buffer} png */
export async function read(png) {
  reader ??= await Instance.load();
  const picture = decodeImage(png);
  return reader.codes(picture)[0]?.text ?? null;
}

/**
 * The commitment in a picture of a HELLO. The smaller one of two is the initiator's.
 * @param {Buffer} png
 */
export async function commitment(png) {
  const code = await read(png);
  const frame = code && frameOf(code);
  return frame && frame[1] === 0 ? frame.subarray(4, 36) : null;
}
