// Random numbers of a seed: a test that fails fails again.

/** @param {number} seed @returns {() => number} 0 to 1, without 1 (mulberry32) */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fills bytes from a seed. @param {number} seed @returns {(to: Uint8Array) => void} */
export function seededBytes(seed) {
  const next = seeded(seed);
  return (to) => {
    for (let i = 0; i < to.length; i++) to[i] = next() * 256;
  };
}

/**
 * Gives chunks that were asked for by their lengths, in order; what fits none of them
 * is of a seed. So a draw that the published randomness does not know displaces nothing.
 * @param {Uint8Array[]} chunks
 */
export function scripted(chunks) {
  const left = [...chunks];
  const rest = seededBytes(0);
  const fill = (/** @type {Uint8Array} */ to) => {
    if (left.length > 0 && left[0].length === to.length) to.set(left.shift());
    else rest(to);
  };
  return Object.assign(fill, { left });
}
