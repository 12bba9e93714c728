// One instance of the page's WebAssembly module, with its ABI as methods.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { webcrypto } from 'node:crypto';
import { PAGE } from './places.mjs';

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

export const ERRORS = {
  input: -1, state: -2, name: -3, target: -4, 'not-acknowledged': -5, passphrase: -6, file: -7,
  memory: -8, read: -9, write: -10, 'too-long': -11, 'not-post-quantum': -12, retired: -13,
  'not-compared': -14,
};

/** A call that was refused, with its number and what the module says of it. */
export class Refused extends Error {
  /** @param {number} code @param {{error: string, text: string}} told */
  constructor(code, told) {
    super(`${code} ${told.error}: ${told.text}`);
    this.code = code;
    this.told = told;
  }
}

/** The module that is inside of the page, as bytes; or one that is given instead. */
export function moduleBytes() {
  const given = process.env.KEYGLANCE_PHONE_MODULE;
  if (given) return fs.readFileSync(given);
  const page = fs.readFileSync(path.join(PAGE, 'index.html'), 'utf8');
  const packed = page.match(/["'`](H4sI[A-Za-z0-9+/=]{1000,})["'`]/);
  if (!packed) throw new Error('no packed module in the page');
  return zlib.gunzipSync(Buffer.from(packed[1], 'base64'));
}

let compiled;
/** Compiled once for all instances. */
export function module() {
  compiled ??= WebAssembly.compile(moduleBytes());
  return compiled;
}

/**
 * @typedef {object} Host
 * @property {(to: Uint8Array) => void} [random]
 * @property {(to: Uint8Array) => number} [read]
 * @property {(from: Uint8Array) => number} [write]
 */

export class Instance {
  /** @param {Host} [host] */
  static async load(host = {}) {
    const own = new Instance();
    const view = (/** @type {number} */ at, /** @type {number} */ length) =>
      new Uint8Array(own.exports.memory.buffer, at, length);
    const instance = await WebAssembly.instantiate(await module(), {
      host: {
        random(/** @type {number} */ at, /** @type {number} */ length) {
          if (host.random) return host.random(view(at, length));
          for (let i = 0; i < length; i += 65_536) {
            webcrypto.getRandomValues(view(at + i, Math.min(65_536, length - i)));
          }
        },
        read: (/** @type {number} */ at, /** @type {number} */ length) =>
          host.read ? host.read(view(at, length)) : -1,
        write: (/** @type {number} */ at, /** @type {number} */ length) =>
          host.write ? host.write(view(at, length)) : -1,
      },
    });
    own.exports = instance.exports;
    own.host = host;
    return own;
  }

  /** @param {string | Uint8Array} bytes */
  put(bytes) {
    const from = typeof bytes === 'string' ? utf8.encode(bytes) : bytes;
    const at = this.exports.input(from.length) >>> 0;
    if (at === 0) throw new Error('input refused');
    new Uint8Array(this.exports.memory.buffer, at, from.length).set(from);
  }

  /** @param {number} length */
  get(length) {
    return new Uint8Array(this.exports.memory.buffer, this.exports.output() >>> 0, length).slice();
  }

  /**
   * Calls, and gives the bytes of the answer.
   * @param {string} name @param {string | Uint8Array | null} input @param {...number} args
   */
  call(name, input = null, ...args) {
    if (input !== null) this.put(input);
    const length = this.exports[name](...args);
    if (length < 0) {
      throw new Refused(length, JSON.parse(text.decode(this.get(this.exports.output_length()))));
    }
    return this.get(length);
  }

  /** @param {string} name @param {string | Uint8Array | null} input @param {...number} args */
  json(name, input = null, ...args) {
    return JSON.parse(text.decode(this.call(name, input, ...args)));
  }

  /** @param {string} name @param {string | Uint8Array | null} input @param {...number} args */
  text(name, input = null, ...args) {
    return text.decode(this.call(name, input, ...args));
  }

  /** What is read in a picture of 8-bit grey: texts of codes, as bytes. */
  codes(/** @type {{data: Uint8Array, width: number, height: number}} */ frame) {
    const out = this.call('decode_luma', frame.data, frame.width, frame.height, frame.width);
    return readCodes(out);
  }

  /** The modules of a code. @param {string | Uint8Array} bytes */
  encode(bytes) {
    const out = this.call('encode', bytes);
    return { side: out[0], version: out[1], modules: out.subarray(2) };
  }

  /** @param {string} passphrase @param {Uint8Array} file @param {number} unix */
  importKey(passphrase, file, unix) {
    const words = utf8.encode(passphrase);
    const input = Buffer.alloc(4 + words.length + file.length);
    input.writeUInt32LE(words.length);
    input.set(words, 4);
    input.set(file, 4 + words.length);
    this.call('import', input, unix);
    return this.json('summary', null, unix);
  }

  /** @param {string} target @param {{purpose?: string, options?: Record<string, string>, unix: number}} how */
  exportFor(target, { purpose = '', options = {}, unix }) {
    const lines = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    return this.call('export', [target, purpose, ...lines].join('\n'), unix);
  }

  /**
   * Seals bytes, or opens them: what was written, and what is told of it.
   * @param {'seal' | 'open'} name @param {Uint8Array} from @param {...number} args
   */
  stream(name, from, purpose = '', ...args) {
    let at = 0;
    /** @type {Uint8Array[]} */
    const written = [];
    this.host.read = (to) => {
      const part = from.subarray(at, at + to.length);
      to.set(part);
      at += part.length;
      return part.length;
    };
    this.host.write = (part) => (written.push(part.slice()), 0);
    try {
      const told = this.json(name, purpose, ...args);
      return { told, bytes: Buffer.concat(written) };
    } finally {
      delete this.host.read;
      delete this.host.write;
    }
  }
}

/** @param {Uint8Array} out the answer of decode_luma or decode_rgba */
export function readCodes(out) {
  const view = Buffer.from(out);
  let at = 1;
  const codes = [];
  for (let i = 0; i < view[0]; i++) {
    const length = view.readUInt32LE(at);
    const bytes = view.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    const version = view[at];
    const corners = [];
    for (let k = 0; k < 8; k++) corners.push(view.readFloatLE(at + 1 + 4 * k));
    at += 33;
    codes.push({ bytes, text: bytes.toString('latin1'), version, corners });
  }
  if (at !== view.length) throw new Error(`${view.length - at} bytes left over`);
  return codes;
}
