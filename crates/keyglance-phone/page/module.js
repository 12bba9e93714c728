// @ts-check
// The module: one input and one output a call, errors by number.

/** The module, gzipped and in base64: put here when the page is made. */
const PACKED = '__WASM__';

/**
 * What the module could not do: a name of the contract and a plain sentence.
 * @typedef {{ error: string, text: string }} Refusal
 */

/** One instance of the module. Workers get its text, so it uses nothing from outside. */
class Instance {
  /**
   * @param {WebAssembly.Module} module
   * @param {{ read?: (into: Uint8Array) => number, write?: (bytes: Uint8Array) => number }} [file]
   */
  constructor(module, file = {}) {
    const at = (/** @type {number} */ from, /** @type {number} */ length) =>
      new Uint8Array(this.memory.buffer, from, length);
    const host = {
      random(/** @type {number} */ from, /** @type {number} */ length) {
        for (let done = 0; done < length; done += 65536) {
          crypto.getRandomValues(at(from + done, Math.min(65536, length - done)));
        }
      },
      read: (/** @type {number} */ from, /** @type {number} */ length) => file.read?.(at(from, length)) ?? -1,
      write: (/** @type {number} */ from, /** @type {number} */ length) => file.write?.(at(from, length)) ?? -1,
    };
    /** @type {any} */
    this.calls = new WebAssembly.Instance(module, { host }).exports;
    /** @type {WebAssembly.Memory} */
    this.memory = this.calls.memory;
  }

  /** Where an input of this length goes. @param {number} length */
  input(length) {
    const from = this.calls.input(length);
    if (!from && length) throw { error: 'input', text: 'the file is too large' };
    return new Uint8Array(this.memory.buffer, from, length);
  }

  /**
   * Does a call with what is in the input. Throws a {@link Refusal}, or what a trap throws.
   * @param {string} name @param {number[]} numbers @returns {Uint8Array} a copy
   */
  run(name, ...numbers) {
    const result = this.calls[name](...numbers);
    const length = this.calls.output_length();
    const output = new Uint8Array(this.memory.buffer, this.calls.output(), length).slice();
    if (result < 0) throw JSON.parse(new TextDecoder().decode(output));
    return output;
  }

  /** @param {string} name @param {Uint8Array | string} input @param {number[]} numbers */
  call(name, input = '', ...numbers) {
    const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
    this.input(bytes.length).set(bytes);
    return this.run(name, ...numbers);
  }

  /** @param {string} name @param {Uint8Array | string} input @param {number[]} numbers */
  json(name, input = '', ...numbers) {
    return JSON.parse(new TextDecoder().decode(this.call(name, input, ...numbers)));
  }
}

/** @param {unknown} error @returns {error is Refusal} */
const isRefusal = (error) =>
  typeof error === 'object' && error !== null && 'error' in error && 'text' in error && !(error instanceof Error);

/** Compiles the module. @returns {Promise<WebAssembly.Module>} */
async function compileModule() {
  const bytes = Uint8Array.from(atob(PACKED), (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(plain).arrayBuffer());
}

/**
 * A worker of this page's own text: `Instance` and the given functions; the last one is its
 * `onmessage`.
 * @param {Function[]} functions
 */
function startWorker(...functions) {
  const texts = [Instance, ...functions].map((each) => `${each}`);
  const last = functions[functions.length - 1];
  const text = `'use strict';\n${texts.join('\n')}\nonmessage=${last.name};`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  return worker;
}

/** The module, once it is compiled. @type {WebAssembly.Module} */
let wasm;
/** The instance that has the session and the key. It never sees a picture. @type {Instance} */
let core;

/** Milliseconds of the page's own clock. */
const now = () => performance.now();

/**
 * Does something with the session's instance. A refusal is thrown on; a trap ends the page.
 * @template T @param {(core: Instance) => T} work @returns {T}
 */
function withCore(work) {
  try {
    return work(core);
  } catch (error) {
    if (!isRefusal(error)) failPage();
    throw error;
  }
}
