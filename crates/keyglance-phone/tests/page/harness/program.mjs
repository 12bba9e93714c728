// The real program, each with a profile of its own.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROGRAM } from './places.mjs';

export const skipped = PROGRAM ? false : 'keyglance not found';

// No program outlives the tests, however they end.
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => running.forEach((program) => program.kill('SIGKILL')));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));

/** A folder with a profile, and the program run in it. */
export class Home {
  /** @type {Set<Home>} */
  static all = new Set();

  /** Ends what a test left that failed. */
  static endAll() {
    for (const home of Home.all) home.end();
  }

  constructor() {
    Home.all.add(this);
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyglance-phone-'));
    /** @type {import('node:child_process').ChildProcess[]} */
    this.running = [];
  }

  /** @param {string} name */
  path(name) {
    return path.join(this.folder, name);
  }

  environment() {
    const { DISPLAY, WAYLAND_DISPLAY, NO_COLOR, ...rest } = process.env;
    return {
      ...rest, KEYGLANCE_PROFILE: this.path('profile'), LC_ALL: 'C.UTF-8', HOME: this.folder,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
    };
  }

  /** Runs to the end, which must be good. @param {...string} args @returns {Buffer} */
  run(...args) {
    return execFileSync(PROGRAM, args, { cwd: this.folder, env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Runs, however it ends. @param {...string} args @returns {{code: number, err: string}} */
  fails(...args) {
    try {
      this.run(...args);
      return { code: 0, err: '' };
    } catch (error) {
      return { code: error.status, err: String(error.stderr) };
    }
  }

  /** Starts to pair by pictures: shows in shown.png, looks at seen.png. @param {...string} args */
  pair(...args) {
    for (const name of ['shown.png', 'seen.png']) fs.rmSync(this.path(name), { force: true });
    const program = spawn(
      PROGRAM,
      ['--json', 'pair', '--show', this.path('shown.png'), '--watch', this.path('seen.png'),
        '--check-code-from', '-', ...args],
      { cwd: this.folder, env: this.environment(), stdio: ['pipe', 'pipe', 'pipe'] },
    );
    this.running.push(program);
    running.add(program);
    program.on('close', () => running.delete(program));
    return new PairingProgram(this, program);
  }

  end() {
    for (const program of this.running) if (program.exitCode === null) program.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
    Home.all.delete(this);
  }
}

export class PairingProgram {
  /** @param {Home} home @param {import('node:child_process').ChildProcess} child */
  constructor(home, child) {
    this.home = home;
    this.child = child;
    this.out = '';
    this.err = '';
    child.stdout.on('data', (data) => (this.out += data));
    child.stderr.on('data', (data) => (this.err += data));
    /** @type {Promise<number>} */
    this.ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  }

  /** The picture that is shown now, if there is a whole one. */
  shown() {
    try {
      const bytes = fs.readFileSync(this.home.path('shown.png'));
      // A file that is being written has no end yet.
      return bytes.subarray(-12).includes('IEND') ? bytes : null;
    } catch {
      return null;
    }
  }

  /** @param {Buffer} picture */
  sees(picture) {
    fs.writeFileSync(this.home.path('next.png'), picture);
    fs.renameSync(this.home.path('next.png'), this.home.path('seen.png'));
  }

  /** The digits of its screen, once they are there. */
  digits() {
    return /This screen: (\d{3}) ?(\d{3})/.exec(this.out + this.err)?.slice(1).join('') ?? null;
  }

  /** Types a line where it asks for the digits of the other screen. @param {string} line */
  types(line) {
    this.child.stdin.write(`${line}\n`);
  }

  /** Ends it, as a person does who starts again. */
  async stop() {
    this.child.kill();
    await this.ended;
  }

  /** What it says at its end. */
  async result() {
    this.child.stdin.end();
    const code = await this.ended;
    const line = this.out.trim().split('\n').reverse().find((one) => one.startsWith('{')) ?? 'null';
    return { code, said: JSON.parse(line), err: this.err };
  }
}
