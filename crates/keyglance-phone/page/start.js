// @ts-check
// The first screen, and the question for the camera.

/** The first screen. @param {string} [notice] what just happened */
function showStart(notice) {
  const name = field(WORDS.start.name, {
    id: 'name', maxlength: 64, autocapitalize: 'words', enterkeyhint: 'go', value: pairing.name,
  }, WORDS.start.nameHint);
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
