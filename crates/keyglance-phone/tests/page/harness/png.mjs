// Reads PNG pictures: what Chromium and the program write, and no more (8 bits, not interlaced).
import zlib from 'node:zlib';

/** @param {Buffer} png @returns {{width: number, height: number, data: Uint8Array}} 8-bit grey */
export function decodeImage(png) {
  const { width, height, channels, pixels, palette } = unpack(png);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const at = i * channels;
    if (palette) data[i] = grey(palette, pixels[i] * 3);
    else data[i] = channels < 3 ? pixels[at] : grey(pixels, at);
  }
  return { width, height, data };
}

/**
 * `at` gives red, green and blue, `range` the least and the most of them.
 * @param {Buffer} png
 */
export function decodeColours(png) {
  const { width, height, channels, pixels } = unpack(png);
  const step = channels < 3 ? [0, 0, 0] : [0, 1, 2];
  return {
    width, height,
    at: (/** @type {number} */ x, /** @type {number} */ y) => step.map((one) => pixels[(y * width + x) * channels + one]),
    range: (/** @type {number} */ x, /** @type {number} */ y) => {
      const i = (y * width + x) * channels;
      const [r, g, b] = [pixels[i], pixels[i + step[1]], pixels[i + step[2]]];
      return [Math.min(r, g, b), Math.max(r, g, b)];
    },
  };
}

const grey = (/** @type {Uint8Array} */ from, /** @type {number} */ at) =>
  (from[at] * 299 + from[at + 1] * 587 + from[at + 2] * 114) / 1000;

function unpack(/** @type {Buffer} */ png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, colour, , , interlaced] = png.subarray(24, 29);
  if (interlaced) throw new Error('interlaced');
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  const parts = [];
  let palette = null;
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const kind = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (kind === 'IDAT') parts.push(data);
    if (kind === 'PLTE') palette = data;
  }
  const raw = zlib.inflateSync(Buffer.concat(parts));
  const step = Math.max(1, (channels * depth) >> 3);
  const row = Math.ceil((width * channels * depth) / 8);
  const lines = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    const from = y * (row + 1) + 1;
    const to = y * row;
    for (let x = 0; x < row; x++) {
      const left = x >= step ? lines[to + x - step] : 0;
      const up = y > 0 ? lines[to + x - row] : 0;
      const corner = x >= step && y > 0 ? lines[to + x - row - step] : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = up;
      else if (filter === 3) guess = (left + up) >> 1;
      else if (filter === 4) {
        const p = left + up - corner;
        const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
        guess = a <= b && a <= c ? left : b <= c ? up : corner;
      }
      lines[to + x] = raw[from + x] + guess;
    }
  }
  if (depth === 8) return { width, height, channels, pixels: lines, palette };
  // One, two or four bits a pixel, of grey or of a palette.
  const pixels = new Uint8Array(width * height);
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const value = (lines[y * row + (bit >> 3)] >> (8 - depth - (bit & 7))) & most;
      pixels[y * width + x] = palette ? value : (value * 255) / most;
    }
  }
  return { width, height, channels: 1, pixels, palette };
}
