// Where things are, as run.sh tells.
import path from 'node:path';

const told = (/** @type {string} */ name) => {
  const place = process.env[name];
  if (!place) throw new Error(`${name} is not set: start these tests with run.sh`);
  return place;
};

/** The checkout. */
export const SOURCE = told('KEYGLANCE_SOURCE');
/** The built page: a folder with index.html. */
export const PAGE = told('KEYGLANCE_PHONE_PAGE');
/** What tests may write to. */
export const WORK = told('KEYGLANCE_PHONE_WORK');
/** The program, if there is one. */
export const PROGRAM = process.env.KEYGLANCE_PROGRAM || null;
export const CHROMIUM = process.env.CHROMIUM || null;

export const CORE = path.join(SOURCE, 'crates/keyglance-core');
