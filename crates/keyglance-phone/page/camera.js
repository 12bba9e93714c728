// @ts-check
// The camera, and the worker that reads its frames: one at a time, the newest.

// --- What runs in the worker. -------------------------------------------------------------

/** The codes of a list as the module gives it. @param {Uint8Array} list @returns {Uint8Array[]} */
function listedCodes(list) {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const codes = [];
  let at = 1;
  for (let i = 0; i < list[0]; i++) {
    const length = view.getUint32(at, true);
    codes.push(list.slice(at + 4, at + 4 + length));
    // A version and four corners follow.
    at += 4 + length + 1 + 32;
  }
  return codes;
}

/**
 * Decodes what `put` writes into the module. After a trap there is a new instance.
 * @param {any} own @param {number} length @param {(into: Uint8Array) => void} put
 * @param {string} name @param {number[]} numbers @returns {Uint8Array[] | null}
 */
function decode(own, length, put, name, ...numbers) {
  try {
    const began = performance.now();
    put(own.instance.input(length));
    const codes = listedCodes(own.instance.run(name, ...numbers));
    if (name !== 'decode_picture_rgba') fitEffort(own, performance.now() - began);
    return codes;
  } catch (error) {
    if (typeof error === 'object' && error && 'text' in error) return [];
    own.instance = new Instance(own.module);
    own.instance.call('reader_effort', '', own.level);
    return null;
  }
}

/**
 * Every ten frames: the largest of three budgets that takes at most 60 ms.
 * @param {any} own @param {number} time in ms
 */
function fitEffort(own, time) {
  own.times.push(time);
  if (own.times.length < 10) return;
  const middle = own.times.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)[5];
  own.times = [];
  let level = own.level;
  if (middle > 60 && level > 0) level -= 1;
  else if (middle < 25 && level < 2) level += 1;
  if (level !== own.level) {
    own.level = level;
    own.instance.call('reader_effort', '', level);
  }
}

/** Whether the browser gives back what was drawn. Some do not, against fingerprints. */
function isCanvasHonest() {
  const paint = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(16, 16).getContext('2d'));
  paint.fillStyle = '#000';
  paint.fillRect(0, 0, 16, 16);
  paint.fillStyle = '#fff';
  paint.fillRect(8, 0, 8, 16);
  const { data } = paint.getImageData(0, 0, 16, 16);
  for (let i = 0; i < 256; i++) {
    const isWhite = i % 16 >= 8;
    if (isWhite ? data[4 * i] < 192 : data[4 * i] > 64) return false;
  }
  return true;
}

/** The pixels of a picture by way of a canvas. @param {any} own @param {any} picture */
function pixelsOf(own, picture) {
  own.isHonest ??= isCanvasHonest();
  if (!own.isHonest) return null;
  const width = picture.displayWidth ?? picture.width;
  const height = picture.displayHeight ?? picture.height;
  if (own.canvas?.width !== width || own.canvas?.height !== height) {
    own.canvas = new OffscreenCanvas(width, height);
    own.paint = own.canvas.getContext('2d', { willReadFrequently: true });
  }
  own.paint.fillStyle = '#fff';
  own.paint.fillRect(0, 0, width, height);
  own.paint.drawImage(picture, 0, 0, width, height);
  return { data: own.paint.getImageData(0, 0, width, height).data, width, height };
}

/**
 * A frame's codes: of its brightness as it is, where the browser gives that, else of pixels.
 * @param {any} own @param {any} frame a VideoFrame or an ImageBitmap
 * @returns {Promise<Uint8Array[] | null | 'hidden'>}
 */
async function codesOf(own, frame) {
  // The first plane of these is the brightness, a byte a pixel.
  if (frame.copyTo && /^(I420A?|I422|I444|NV12)$/.test(frame.format ?? '')) {
    try {
      const length = frame.allocationSize();
      if (own.planes?.length !== length) own.planes = new Uint8Array(length);
      const [{ offset, stride }] = await frame.copyTo(own.planes);
      const { width, height } = frame.visibleRect;
      const luma = own.planes.subarray(offset, offset + stride * height);
      return decode(own, luma.length, (into) => into.set(luma), 'decode_luma', width, height, stride);
    } catch {
      // By way of a canvas, then.
    }
  }
  const pixels = pixelsOf(own, frame);
  if (!pixels) return 'hidden';
  const { data, width, height } = pixels;
  return decode(own, data.length, (into) => into.set(data), 'decode_rgba', width, height);
}

/** Takes the module, then frames, and pictures that were opened. @param {MessageEvent} event */
async function onReaderMessage(event) {
  const own = (/** @type {any} */ (self).own ??= { level: 2, times: [] });
  const { module, frame, picture } = event.data;
  if (module) {
    own.module = module;
    own.instance = new Instance(module);
  } else if (frame) {
    let codes;
    try {
      codes = await codesOf(own, frame);
    } finally {
      // Before the answer, after which the worker may end.
      frame.close();
    }
    postMessage(codes === 'hidden' ? { isHidden: true } : codes ? { codes } : { isTrap: true, codes: [] });
  } else if (picture) {
    const pixels = pixelsOf(own, picture);
    picture.close();
    if (!pixels) return postMessage({ isHidden: true });
    const { data, width, height } = pixels;
    const codes = decode(own, data.length, (into) => into.set(data), 'decode_picture_rgba', width, height);
    postMessage({ fromPicture: codes ?? [] });
  }
}

const READER = [listedCodes, decode, fitEffort, isCanvasHonest, pixelsOf, codesOf, onReaderMessage];

// --- What runs in the page. ---------------------------------------------------------------

/**
 * @typedef {'denied' | 'none' | 'busy' | 'insecure' | 'lost' | 'unreadable' | 'hidden'} CameraProblem
 */

/** Why the browser gives no camera. @param {any} error @returns {CameraProblem} */
function cameraProblem(error) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'none';
  }
}

const camera = {
  /** @type {MediaStream | null} */
  stream: null,
  /** @type {Worker | null} */
  worker: null,
  /** What is told of it. */
  on: {
    codes: (/** @type {Uint8Array[]} */ _codes) => {},
    problem: (/** @type {CameraProblem} */ _problem) => {},
    started: () => {},
  },
  /** @type {HTMLVideoElement | null} */
  video: null,
  /** When a frame's codes came last, and when the reader trapped. */
  answered: 0,
  traps: /** @type {number[]} */ ([]),
  isFront: true,
  isBusy: false,
  /** Counts starts, so that what belongs to an earlier one ends. */
  turn: 0,

  /**
   * Starts looking.
   * @param {HTMLVideoElement} video @param {MediaTrackConstraints} [which] another camera than the front one
   */
  async start(video, which = { facingMode: { ideal: 'user' } }) {
    this.stop();
    const turn = ++this.turn;
    this.video = video;
    if (!navigator.mediaDevices?.getUserMedia) {
      return this.on.problem(isSecureContext ? 'none' : 'insecure');
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...which },
      });
    } catch (error) {
      if (turn === this.turn) this.on.problem(cameraProblem(error));
      return;
    }
    if (turn !== this.turn) return stream.getTracks().forEach((track) => track.stop());
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => turn === this.turn && this.on.problem('lost'));
    const facing = track.getSettings().facingMode;
    this.isFront = facing ? facing === 'user' : !/back|rear|environment/i.test(track.label);
    video.classList.toggle('mirrored', this.isFront);
    video.srcObject = stream;
    video.play().catch(() => {});
    this.on.started();
    this.startReader();
    this.isBusy = false;
    this.follow(track, video, turn);
  },

  /** The worker that reads. */
  startReader() {
    if (this.worker) return;
    const worker = startWorker(...READER);
    this.worker = worker;
    worker.postMessage({ module: wasm });
    worker.onmessage = ({ data }) => {
      if (data.isHidden) {
        this.onPicture?.(null);
        this.on.problem('hidden');
        return this.stop();
      }
      if (data.fromPicture) return this.onPicture?.(data.fromPicture);
      this.isBusy = false;
      this.answered = now();
      if (data.isTrap && this.trapped()) return;
      this.on.codes(data.codes);
    };
    // A worker that does not start reads nothing.
    worker.onerror = () => {
      this.isBusy = false;
      if (this.worker === worker && this.trapped()) return;
    };
  },

  /** Counts traps of the reader: three in a minute are too many. */
  trapped() {
    this.traps = [...this.traps.filter((at) => at > now() - 60000), now()];
    if (this.traps.length < 3) return false;
    this.on.problem('unreadable');
    this.stop();
    return true;
  },

  /** @type {((codes: Uint8Array[] | null) => void) | null} */
  onPicture: null,

  /**
   * Gives the reader one frame after the other.
   * @param {MediaStreamTrack} track @param {HTMLVideoElement} video @param {number} turn
   */
  async follow(track, video, turn) {
    const Processor = /** @type {any} */ (window).MediaStreamTrackProcessor;
    if (Processor) {
      try {
        const frames = new Processor({ track, maxBufferSize: 1 }).readable.getReader();
        // Where none comes, there is the picture on the page.
        const patience = setTimeout(() => frames.cancel().catch(() => {}), 4000);
        for (let count = 0; ; count++) {
          const { value, done } = await frames.read();
          clearTimeout(patience);
          if (done && !count && turn === this.turn) break;
          if (turn !== this.turn || done) {
            value?.close();
            frames.cancel().catch(() => {});
            return;
          }
          if (this.isBusy) value.close();
          else this.send(value);
        }
      } catch {
        // By way of the picture on the page, then.
      }
    }
    const next = () => {
      if (turn !== this.turn) return;
      if (!this.isBusy && video.videoWidth && !document.hidden) {
        this.isBusy = true;
        createImageBitmap(video).then(
          (bitmap) => (turn === this.turn ? this.send(bitmap) : bitmap.close()),
          () => (this.isBusy = false),
        );
      }
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(next);
      else setTimeout(next, 33);
    };
    next();
  },

  /** @param {any} frame */
  send(frame) {
    if (!this.worker) return frame.close();
    this.isBusy = true;
    this.worker.postMessage({ frame }, [frame]);
  },

  /** The codes of a picture that a person gave; null where the browser hides it. @param {Blob} file @returns {Promise<Uint8Array[] | null>} */
  async read(file) {
    const bitmap = await createImageBitmap(file);
    this.startReader();
    // Larger ones say nothing more.
    const most = 4096;
    const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
    const picture = scale < 1
      ? await createImageBitmap(bitmap, {
        resizeWidth: Math.round(bitmap.width * scale), resizeHeight: Math.round(bitmap.height * scale),
      })
      : bitmap;
    return new Promise((resolve) => {
      this.onPicture = resolve;
      this.worker?.postMessage({ picture }, [picture]);
    });
  },

  /** The next camera of all that there are. */
  async other() {
    const video = this.video;
    if (!video) return;
    const track = this.stream?.getVideoTracks()[0];
    const own = track?.getSettings().deviceId;
    const ids = (await navigator.mediaDevices.enumerateDevices())
      .filter((device) => device.kind === 'videoinput' && device.deviceId).map((device) => device.deviceId);
    const next = ids.length > 1 ? ids[(ids.indexOf(own ?? '') + 1) % ids.length] : null;
    const facing = this.isFront ? 'environment' : 'user';
    await this.start(video, next ? { deviceId: { exact: next } } : { facingMode: { ideal: facing } });
  },

  /** Whether there are several. */
  async hasOther() {
    try {
      const devices = await navigator.mediaDevices.enumerateDevices();
      return devices.filter((device) => device.kind === 'videoinput').length > 1;
    } catch {
      return false;
    }
  },

  /** Whether it has a light. */
  hasTorch() {
    const track = this.stream?.getVideoTracks()[0];
    return Boolean(/** @type {any} */ (track?.getCapabilities?.())?.torch);
  },

  /** @param {boolean} on */
  async light(on) {
    const track = this.stream?.getVideoTracks()[0];
    await track?.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] })).catch(() => {});
  },

  /** Stops looking. */
  stop() {
    this.turn += 1;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    if (this.video) this.video.srcObject = null;
    const { worker } = this;
    if (worker && this.isBusy) {
      // It still has a frame, which it closes itself.
      const end = () => worker.terminate();
      worker.onmessage = worker.onerror = end;
      setTimeout(end, 2000);
    } else {
      worker?.terminate();
    }
    this.worker = null;
    this.isBusy = false;
    this.onPicture = null;
  },
};

/** Keeps the screen on, where the browser can. */
const wakeLock = {
  isWanted: false,
  /** @type {any} */
  lock: null,
  async ask() {
    this.isWanted = true;
    try {
      this.lock = await navigator.wakeLock.request('screen');
    } catch {
      // Its absence is silent.
    }
  },
  release() {
    this.isWanted = false;
    this.lock?.release().catch(() => {});
    this.lock = null;
  },
};
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && wakeLock.isWanted) wakeLock.ask();
});
