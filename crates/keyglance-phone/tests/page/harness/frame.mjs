// Pictures as a camera takes them: a code on a screen, turned a little, with noise.
import { seeded } from './random.mjs';

/**
 * @typedef {object} Look
 * @property {number} [width] @property {number} [height]
 * @property {number} [size] of the code with its quiet zone, in pixels
 * @property {number} [angle] in radians
 * @property {number} [noise] from dark to light, in levels
 * @property {number} [x] centre @property {number} [y] centre
 */

/**
 * @param {{side: number, modules: Uint8Array} | null} code
 * @param {Look} look @param {number} seed
 */
export function draw(code, look = {}, seed = 1) {
  const { width = 1280, height = 720, size = 500, angle = 0.06, noise = 12 } = look;
  const { x: cx = width / 2, y: cy = height / 2 } = look;
  const random = seeded(seed);
  const data = new Uint8Array(width * height);
  const side = code ? code.side + 8 : 1;
  const scale = side / size;
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let level = 110 + 40 * Math.sin(at / 9000);
      if (code) {
        const u = Math.floor((x - cx) * cos + (y - cy) * sin + side / 2);
        const v = Math.floor(-(x - cx) * sin + (y - cy) * cos + side / 2);
        if (u >= 0 && v >= 0 && u < side && v < side) {
          const i = u - 4;
          const j = v - 4;
          const inside = i >= 0 && j >= 0 && i < code.side && j < code.side;
          level = inside && code.modules[j * code.side + i] ? 45 : 215;
        }
      }
      data[at] = level + (random() - 0.5) * noise;
    }
  }
  return { data, width, height };
}
