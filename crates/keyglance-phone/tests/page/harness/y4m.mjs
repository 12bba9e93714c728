// Films for Chromium's own fake camera.
import fs from 'node:fs';
import { draw } from './frame.mjs';

/**
 * Writes a film of codes, each held for some frames while the hand shakes a little.
 * @param {string} file @param {{side: number, modules: Uint8Array}[]} codes @param {number} frames of each code
 */
export function film(file, codes, frames = 8) {
  const [width, height] = [1280, 720];
  const to = fs.openSync(file, 'w');
  fs.writeSync(to, `YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  const colours = Buffer.alloc((width * height) / 2, 128);
  let k = 0;
  for (const code of codes) {
    for (let i = 0; i < frames; i++, k++) {
      const look = { width, height, size: 460, angle: 0.05 + 0.01 * Math.sin(k), x: 630 + (k % 5), y: 358 + (k % 3) };
      fs.writeSync(to, 'FRAME\n');
      fs.writeSync(to, draw(code, look, k + 1).data);
      fs.writeSync(to, colours);
    }
  }
  fs.closeSync(to);
}
