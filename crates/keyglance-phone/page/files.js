// @ts-check
// Key files and sealed files: each in a worker of its own that ends afterwards, since a
// module's memory never shrinks.

// --- What runs in the worker. -------------------------------------------------------------

/** A plain key as `import` takes it. @param {Uint8Array} file @param {string} passphrase */
function importInput(file, passphrase) {
  const typed = new TextEncoder().encode(passphrase);
  const input = new Uint8Array(4 + typed.length + file.length);
  new DataView(input.buffer).setUint32(0, typed.length, true);
  input.set(typed, 4);
  input.set(file, 4 + typed.length);
  return input;
}

/** Reads a file piece by piece. @param {Blob} file @returns {(into: Uint8Array) => number} */
function reads(file) {
  const reader = new (/** @type {any} */ (self)).FileReaderSync();
  let at = 0;
  let piece = new Uint8Array(0);
  let used = 0;
  return (into) => {
    try {
      if (used === piece.length) {
        piece = new Uint8Array(reader.readAsArrayBuffer(file.slice(at, at + 1048576)));
        at += piece.length;
        used = 0;
      }
      const part = piece.subarray(used, used + into.length);
      into.set(part);
      used += part.length;
      return part.length;
    } catch {
      return -1;
    }
  };
}

/** Keeps what is written, and tells how much. @param {(done: number) => void} tell */
function keeps(tell) {
  /** @type {any[]} */
  const parts = [];
  let done = 0;
  let told = 0;
  return {
    write(/** @type {Uint8Array} */ bytes) {
      parts.push(bytes.slice());
      done += bytes.length;
      if (done > told + 4194304) {
        told = done;
        tell(done);
        // The browser keeps them where it has room.
        parts.splice(0, parts.length, new Blob(parts));
      }
      return 0;
    },
    whole: () => new Blob(parts),
  };
}

/** Does one job. @param {MessageEvent} event */
function onJobMessage(event) {
  const { module, task, plain, sealed, passphrase, file, purpose } = event.data;
  try {
    if (task === 'key-file') {
      const instance = new Instance(module);
      instance.call('import', importInput(plain, ''), Date.now());
      postMessage({ bytes: instance.call('key_file', passphrase, 18) });
    } else if (task === 'import') {
      const instance = new Instance(module);
      instance.call('import', importInput(sealed, passphrase), Date.now());
      postMessage({ bytes: instance.call('key_json') });
    } else {
      const result = keeps((done) => postMessage({ done }));
      const instance = new Instance(module, { read: reads(file), write: result.write });
      instance.call('import', importInput(plain, ''), Date.now());
      const told = task === 'seal' ? instance.json('seal', purpose ?? '', Date.now()) : instance.json('open', purpose ?? '');
      // Nothing is given away before the last piece proved genuine.
      postMessage({ blob: result.whole(), told });
    }
  } catch (error) {
    const isTold = typeof error === 'object' && error && 'text' in error;
    postMessage({ refusal: isTold ? error : { error: 'memory', text: 'there is too little memory' } });
  }
}

const JOB = [importInput, reads, keeps, onJobMessage];

// --- What runs in the page. ---------------------------------------------------------------

/**
 * Starts a job. Its refusal is thrown.
 * @param {{ stop: () => void }} job gets what ends it @param {object} message
 * @param {(done: number) => void} [progress] @returns {Promise<any>}
 */
function startJob(job, message, progress) {
  return new Promise((resolve, reject) => {
    const worker = startWorker(...JOB);
    const end = () => worker.terminate();
    job.stop = () => {
      end();
      reject({ error: 'stopped', text: 'stopped' });
    };
    worker.onmessage = ({ data }) => {
      if ('done' in data) return progress?.(data.done);
      end();
      if (data.refusal) reject(data.refusal);
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end();
      reject({ error: 'memory', text: 'there is too little memory' });
    };
    const { plain } = /** @type {any} */ (message);
    worker.postMessage({ module: wasm, ...message });
    plain?.fill(0);
  });
}

/** @param {string} name */
const openedName = (name) => (/\.age$/i.test(name) && name.length > 4 ? name.slice(0, -4) : `${name}.opened`);

/**
 * Seals or opens a file.
 * @param {'seal' | 'open'} task @param {File} file @param {Summary} summary
 */
async function runFile(task, file, summary) {
  const isOpening = task === 'open';
  const told = statusLine();
  const trouble = problem();
  const job = { stop: () => {} };
  const another = fileInput(isOpening ? 'open-file' : 'seal-file', isOpening ? WORDS.key.openSealed : WORDS.key.sealFor,
    (next) => runFile(task, next, summary));
  const again = h('div', { class: 'stack' }, button(WORDS.files.another, () => another.click(), { id: 'another' }), another);
  show('file', { heading: isOpening ? WORDS.key.openSealed : WORDS.key.sealFor, back: () => showKey(), leave: () => job.stop() },
    h('p', { class: 'file-name' }, h('bdi', {}, file.name), ` · ${size(file.size)}`),
    told.element, trouble.element);
  told.tell(isOpening ? WORDS.files.opening : WORDS.files.sealing);
  try {
    const plain = withCore((core) => core.call('key_json'));
    const progress = (/** @type {number} */ done) => told.tell(WORDS.files.progress(size(done)));
    const { blob, told: result } = await startJob(job, { task, plain, file, purpose: '' }, progress);
    const name = isOpening ? openedName(file.name) : `${file.name}.age`;
    const type = /\.txt$/i.test(name) ? 'text/plain' : 'application/octet-stream';
    showResult({
      heading: isOpening ? WORDS.files.opened(name) : WORDS.files.sealed(summary.peer),
      words: isOpening ? [sealer(result.sealed_by, summary)] : [WORDS.files.sendIt],
      file: new File([blob], name, { type }), back: () => showKey(), again,
    });
  } catch (error) {
    if (!isRefusal(error) || error.error === 'stopped') return;
    told.tell('');
    const words = { memory: WORDS.files.noMemory, read: WORDS.files.unread }[error.error] ?? sentence(error.text);
    trouble.tell(`${words} ${isOpening ? WORDS.files.notOpened : WORDS.files.notSealed}`);
    trouble.element.after(again);
  }
}

/** Who sealed it, as far as that can be told. @param {string} by @param {Summary} summary */
function sealer(by, summary) {
  const { by: words } = WORDS.files;
  if (by === 'peer') return h('p', { class: 'lead' }, ...named(summary.compared ? words.peer : words.peerNotCompared, summary.peer));
  return by === 'this-device' ? words['this-device'] : words.unknown;
}
