// @ts-check
// Start, the camera, and pairing.

/** The first screen. @param {string} [notice] what just happened */
function showStart(notice) {
  const name = field(WORDS.start.name, { id: 'name', maxlength: 64, autocapitalize: 'words', enterkeyhint: 'go', value: pairing.name }, WORDS.start.nameHint);
  const trouble = problem();
  const form = h('form', { class: 'stack' },
    name.element, trouble.element,
    h('button', { type: 'submit', id: 'pair', class: 'main' }, WORDS.start.pair));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    pairing.name = name.input.value.trim();
    try {
      // Only to see whether the name can be one.
      withCore((core) => core.json('begin', pairing.name || WORDS.start.unnamed, now(), 0));
    } catch (error) {
      if (isRefusal(error)) trouble.tell(sentence(error.text));
      return;
    }
    showCameraAsked();
  });
  const chooser = fileInput('key-file', WORDS.start.openKey, (file) => openKeyFile(file));
  show('start', { heading: WORDS.title },
    h('div', { class: 'hero' }, mark()),
    h('p', { class: 'lead' }, WORDS.start.about),
    notice ? h('p', { role: 'status', class: 'notice' }, notice) : null,
    form,
    button(WORDS.start.openKey, () => chooser.click(), { id: 'open-key' }),
    chooser,
    whoCouldReadAlong(),
    button(WORDS.start.about_, showAbout, { id: 'about', kind: 'quiet' }));
}

/** Asked for on a press only. */
function showCameraAsked() {
  const isInsecure = !navigator.mediaDevices && !isSecureContext;
  show('camera', { heading: WORDS.camera.heading, back: () => showStart() },
    h('div', { class: 'hero' }, scene(0)),
    h('p', { class: 'lead' }, WORDS.camera.asked),
    isInsecure ? h('p', { role: 'alert', class: 'problem' }, WORDS.camera.insecure) : null,
    h('div', { class: 'stack' },
      isInsecure ? null : button(WORDS.camera.use, () => pairing.begin(true), { id: 'use-camera', kind: 'main' }),
      button(WORDS.camera.without, () => pairing.begin(false), { id: 'without-camera', kind: isInsecure ? 'main' : 'plain' })));
}

const STAGES = /** @type {const} */ (['looking', 'seen', 'agreed']);
/** How long a note stays. */
const NOTE = 4000;
/** How long nothing may be seen before a hint. */
const UNSEEN = 8000;

const pairing = {
  name: '',
  isRunning: false,
  isCameraWanted: true,
  /** No camera looks. */
  isBlind: false,
  /** Codes come as text or pictures. */
  isByHand: false,
  /** Index into STAGES. */
  stage: 0,
  role: '',
  isPaired: false,
  /** @type {string} */
  part: '',
  seenAt: 0,
  noteUntil: 0,
  /** What is drawn: the code's head, and how much room there was. */
  drawn: '',
  /** @type {any} */
  view: null,
  timer: 0,

  /** Begins a pairing. @param {boolean} isCameraWanted */
  begin(isCameraWanted) {
    this.isCameraWanted = isCameraWanted;
    try {
      withCore((core) => {
        core.call('reduce_motion', '', isMotionReduced() ? 1 : 0);
        core.json('begin', this.name || WORDS.start.unnamed, now(), 0);
      });
    } catch {
      return;
    }
    Object.assign(this, { isRunning: true, isBlind: !isCameraWanted, isByHand: false, stage: 0, role: '', isPaired: false, part: '', seenAt: now(), noteUntil: 0 });
    this.show();
    wakeLock.ask();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 100);
    if (isCameraWanted) this.look();
    else this.view.ways.hidden = false;
  },

  /** The screen. */
  show() {
    const { panel, canvas } = codePanel('code', WORDS.pair.code);
    const video = h('video', { id: 'preview', muted: true, playsinline: true, autoplay: true, 'aria-label': WORDS.camera.preview });
    video.muted = true;
    const big = statusLine('stage');
    const line = h('p', { id: 'line', class: 'line' });
    const part = h('p', { id: 'part', class: 'hint' });
    const note = h('p', { id: 'note', role: 'status', class: 'note' });
    const trouble = problem();
    const picture = h('div', { class: 'picture' }, scene(0));
    const other = button(WORDS.camera.other, () => camera.other(), { id: 'other-camera' });
    const torch = button(WORDS.camera.torchOn, async () => {
      const isLit = torch.textContent === WORDS.camera.torchOn;
      await camera.light(isLit);
      torch.textContent = isLit ? WORDS.camera.torchOff : WORDS.camera.torchOn;
    }, { id: 'torch' });
    const again = button(WORDS.tryAgain, () => this.look(), { id: 'try-again', kind: 'main' });
    const confirm = button(WORDS.pair.confirm, () => this.acknowledge(), { id: 'confirm', kind: 'main' });
    other.hidden = torch.hidden = again.hidden = confirm.hidden = true;
    const ways = this.ways();
    const help = h('details', { id: 'help' }, h('summary', {}, WORDS.pair.help),
      h('ul', { class: 'hints' }, ...WORDS.pair.hints.map((hint) => h('li', {}, hint))));
    const helpWays = button(WORDS.camera.without, () => {
      ways.hidden = false;
      helpWays.hidden = true;
    }, { id: 'show-ways' });
    help.append(h('div', { class: 'stack' }, helpWays,
      button(WORDS.startAgain, () => this.restart(), { id: 'restart' })));
    this.view = { canvas, panel, video, big, line, part, note, trouble, picture, other, torch, again, confirm, ways, drawnStage: -1 };
    this.drawn = '';
    const preview = h('div', { class: 'preview', hidden: true }, video);
    show('pair', { heading: WORDS.pair.heading, back: () => this.stop(), leave: () => this.left() },
      panel,
      h('div', { class: 'side' },
        h('div', { class: 'state' }, picture, big.element, line, part, note),
        trouble.element,
        h('div', { class: 'stack' }, confirm, again),
        h('div', { class: 'eye' }, preview, h('div', { class: 'stack' }, other, torch)),
        ways, help));
    this.showStage();
    this.draw();
  },

  /** What can be done without a camera. */
  ways() {
    const trouble = problem('ways-problem');
    const done = statusLine('ways-status');
    const text = h('textarea', { id: 'pasted', rows: 4, autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off' });
    const paste = h('div', { class: 'field', hidden: true },
      h('label', { for: 'pasted' }, WORDS.pair.pasteLabel), text,
      button(WORDS.pair.usePasted, () => {
        trouble.tell('');
        this.isByHand = true;
        const events = this.take([new TextEncoder().encode(text.value.trim())]);
        const [refused] = events.filter((event) => event.event === 'diagnostic');
        if (refused) {
          this.quiet();
          const words = diagnosis(refused);
          trouble.tell(words === WORDS.pair.diagnostic.foreign ? WORDS.pair.foreignText : words);
        } else {
          text.value = '';
          done.tell(WORDS.pair.taken);
        }
      }, { id: 'use-pasted', kind: 'main' }));
    const chooser = fileInput('picture-file', WORDS.pair.picture, (file) => this.takePicture(file, trouble, done), 'image/*');
    return h('div', { id: 'ways', class: 'card stack', hidden: true },
      h('p', {}, WORDS.pair.noCamera),
      button(WORDS.pair.paste, () => {
        paste.hidden = false;
        text.focus();
      }, { id: 'paste' }),
      paste,
      button(WORDS.pair.picture, () => chooser.click(), { id: 'picture' }), chooser,
      ...copyCode(done), trouble.element, done.element);
  },

  /** @param {Blob} file @param {{ tell: (text: string) => void }} trouble @param {{ tell: (text: string) => void }} done */
  async takePicture(file, trouble, done) {
    trouble.tell('');
    done.tell('');
    let codes;
    try {
      codes = await camera.read(file);
    } catch {
      return trouble.tell(WORDS.pair.badPicture);
    }
    if (!codes.length) return trouble.tell(WORDS.pair.noCodeInPicture);
    if (!this.isRunning) return;
    this.isByHand = true;
    const events = this.take(codes);
    const [foreign] = events.filter((event) => event.event === 'diagnostic');
    if (foreign) {
      this.quiet();
      trouble.tell(diagnosis(foreign));
    } else done.tell(WORDS.pair.taken);
  },

  /** Begins to look. */
  look() {
    const { view } = this;
    view.trouble.tell('');
    view.again.hidden = true;
    camera.on = {
      codes: (codes) => this.take(codes),
      started: async () => {
        this.quiet();
        this.see(true);
        view.video.parentElement.hidden = false;
        view.torch.hidden = !camera.hasTorch();
        view.torch.textContent = WORDS.camera.torchOn;
        view.other.hidden = !(await camera.hasOther());
      },
      problem: (what) => {
        this.quiet();
        this.see(false);
        view.trouble.tell(WORDS.camera[what]);
        view.again.hidden = !['denied', 'busy', 'lost', 'unreadable'].includes(what);
        view.video.parentElement.hidden = true;
        view.ways.hidden = false;
      },
    };
    this.note(WORDS.camera.starting, 120000);
    camera.start(view.video);
  },

  /** Takes codes that are in view. @param {Uint8Array[]} codes @returns {any[]} what happened */
  take(codes) {
    if (!this.isRunning) return [];
    const all = [];
    for (const code of codes) {
      if (!this.isRunning) break;
      try {
        const events = withCore((core) => core.json('sighted', code, now()));
        all.push(...events);
        this.handle(events);
      } catch (error) {
        if (!isRefusal(error)) return all;
      }
    }
    if (codes.length) this.seenAt = now();
    return all;
  },

  /** Lets time pass. */
  tick() {
    if (!this.isRunning) return;
    try {
      const events = withCore((core) => {
        const deadline = core.calls.next_deadline();
        return deadline >= 0 && deadline <= now() ? core.json('tick', '', now()) : [];
      });
      this.handle(events);
    } catch {
      return;
    }
    if (this.isRunning && !this.isBlind && this.stage === 0 && now() > this.seenAt + UNSEEN && now() > this.noteUntil) {
      this.note(WORDS.pair.unseen, 2 * NOTE);
    } else if (this.noteUntil && now() > this.noteUntil) {
      this.quiet();
    }
  },

  /** @param {boolean} isSeeing */
  see(isSeeing) {
    this.isBlind = !isSeeing;
    this.showStage();
  },

  /** Takes the note away. */
  quiet() {
    this.noteUntil = 0;
    this.view.note.textContent = '';
  },

  /** @param {any[]} events */
  handle(events) {
    const before = this.stage;
    for (const event of events) {
      switch (event.event) {
        case 'show-code':
          this.drawn = '';
          break;
        case 'peer-seen':
          this.reach(1);
          break;
        case 'part':
          this.part = WORDS.pair.part(event.have, event.count);
          // Ours asks for an answer, and here it comes.
          if (this.stage === 1) this.reach(2);
          break;
        case 'locked':
          this.role = event.role;
          // Theirs answers ours; the responder's answer is still to be seen.
          if (event.role === 'responder') this.reach(2);
          else this.reach(1);
          break;
        case 'check-code':
          this.part = '';
          this.reach(2);
          break;
        case 'paired':
          this.isPaired = true;
          break;
        case 'finished':
          return this.finish();
        case 'unacknowledged':
          break;
        case 'reset':
          Object.assign(this, { stage: 0, part: '', isPaired: false, role: '' });
          this.view.confirm.hidden = true;
          this.note(WORDS.pair.reset[/** @type {'stalled'} */ (event.reason)] ?? '');
          break;
        case 'waiting':
          this.note(WORDS.pair.stillWaiting);
          if (this.isPaired) this.view.confirm.hidden = false;
          break;
        case 'diagnostic':
          this.note(diagnosis(event));
          break;
        case 'failed':
          return this.fail(event.reason);
      }
    }
    if (this.stage !== before || events.some((event) => ['part', 'locked', 'check-code', 'reset'].includes(event.event))) {
      this.showStage();
    }
    if (events.some((event) => event.event === 'show-code')) this.draw();
  },

  /** @param {number} stage */
  reach(stage) {
    this.stage = Math.max(this.stage, stage);
  },

  /** What the state says. */
  showStage() {
    const { view, stage } = this;
    const name = STAGES[stage];
    view.big.tell(WORDS.stage[name]);
    const peer = WORDS.pair.theOther;
    const asked = name === 'seen' ? WORDS.pair.seen(peer) : WORDS.pair[name];
    view.line.textContent = this.isBlind ? WORDS.pair.byHand : asked;
    view.part.textContent = this.part;
    if (view.drawnStage !== stage) view.picture.replaceChildren(scene(stage));
    view.drawnStage = stage;
    view.panel.classList.toggle('is-seen', stage > 0);
  },

  /** @param {string} text @param {number} [time] in ms */
  note(text, time = NOTE) {
    if (this.view.note.textContent !== text) this.view.note.textContent = text;
    this.noteUntil = now() + time;
  },

  /** Draws the code that is to be shown now, where it changed. */
  draw() {
    if (!this.isRunning || shown.id !== 'pair') return;
    const { canvas } = this.view;
    drawOwnCode(canvas, codeRoom(), this.drawn, (drawn) => (this.drawn = drawn));
    requestFrame(() => this.draw());
  },

  /** Draws it anew at once: the screen has another size. */
  redraw() {
    this.drawn = '';
    this.draw();
  },

  /** A person sees that the other device has the key. */
  acknowledge() {
    try {
      this.handle(withCore((core) => core.json('acknowledge')));
    } catch (error) {
      if (isRefusal(error)) this.note(sentence(error.text));
    }
  },

  /** Begins again, with fresh keys. */
  restart() {
    // A key that the other device did not confirm yet is kept, locked.
    if (this.isPaired) return this.stop();
    this.end();
    this.begin(this.isCameraWanted);
  },

  /** Both have the key. */
  finish() {
    const { role } = this;
    this.end();
    navigator.vibrate?.([60, 60, 120]);
    key.take();
    showCompare({ isNew: true, role });
  },

  /** There is no key. @param {string} reason */
  fail(reason) {
    this.end();
    showFailure(reason, () => this.begin(this.isCameraWanted));
  },

  /** A person stops it. */
  stop() {
    this.end();
    const events = withCore((core) => core.json('cancel'));
    if (events.some((/** @type {any} */ event) => event.event === 'unacknowledged')) {
      key.take();
      return showKey();
    }
    showStart();
  },

  end() {
    this.isRunning = false;
    clearInterval(this.timer);
    camera.stop();
    wakeLock.release();
  },

  left() {
    if (this.isRunning) this.end();
  },
};

let frameAsked = 0;
/** One frame of the screen at a time. @param {() => void} work */
function requestFrame(work) {
  cancelAnimationFrame(frameAsked);
  frameAsked = requestAnimationFrame(work);
}

/**
 * Draws the session's code, unless it is there already.
 * @param {HTMLCanvasElement} canvas @param {number} room @param {string} drawn @param {(drawn: string) => void} keep
 * @returns {boolean} whether there is one
 */
function drawOwnCode(canvas, room, drawn, keep) {
  /** @type {Uint8Array} */
  let code;
  try {
    code = withCore((core) => core.call('code', '', now()));
  } catch {
    return false;
  }
  if (!code.length) return false;
  const [side, version, part, count] = code;
  const head = [side, version, part, count, Math.round(room), devicePixelRatio].join();
  if (head !== drawn) {
    drawCode(canvas, side, code.subarray(4), room);
    keep(head);
  }
  return true;
}

/** A button that copies our code as text, and where it is shown if that cannot be. @param {{ tell: (text: string) => void }} done */
function copyCode(done) {
  const own = h('div', { class: 'field', hidden: true });
  const copy = button(WORDS.pair.copyCode, async () => {
    const code = new TextDecoder().decode(withCore((core) => core.call('text')));
    if (await copyText(code)) return done.tell(WORDS.copied);
    const area = h('textarea', { id: 'own-code', rows: 4, readonly: true, 'aria-label': WORDS.pair.codeAsText });
    area.value = code;
    own.replaceChildren(area);
    own.hidden = false;
    area.select();
  }, { id: 'copy-code' });
  return [copy, own];
}

/** What a code in view is, that moved nothing. @param {any} event @returns {string} */
function diagnosis({ what, text }) {
  const words = WORDS.pair.diagnostic;
  if (what === 'unusable') {
    if (/newer/.test(text)) return words.newer;
    if (/older/.test(text)) return words.older;
    if (/fingerprint|verification/.test(text)) return words.verification;
    if (/not a pairing/.test(text)) return words.foreign;
    return words.unreadable;
  }
  return words[/** @type {'stale'} */ (what)] ?? words.unknown;
}

/** The pairing gave no key. @param {string} reason @param {() => unknown} again */
function showFailure(reason, again) {
  const [what, advice] = WORDS.pair.failed[reason] ?? WORDS.pair.failed.unknown;
  const sameAs = reason === 'not-contributory' ? WORDS.pair.failed['commitment-mismatch'] : null;
  navigator.vibrate?.(200);
  show('no-key', { heading: sameAs?.[0] ?? what, back: () => showStart() },
    h('div', { class: 'card problem-card', role: 'alert' },
      ...(sameAs?.[1] ?? advice).split('\n').map((line) => h('p', {}, line))),
    h('div', { class: 'stack' },
      button(WORDS.startAgain, again, { id: 'start-again', kind: 'main' }),
      button(WORDS.close, () => showStart(), { id: 'close' })));
}

// A picture that is dropped anywhere, while a pairing asks for one.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files?.[0];
  if (!file || !pairing.isRunning || shown.id !== 'pair') return;
  pairing.view.ways.hidden = false;
  const tellIn = (/** @type {string} */ id) => ({ tell: (/** @type {string} */ text) => tell(/** @type {HTMLElement} */ (document.getElementById(id)), text) });
  pairing.takePicture(file, tellIn('ways-problem'), tellIn('ways-status'));
});
addEventListener('resize', () => pairing.redraw());
