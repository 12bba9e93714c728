// @ts-check
// The check code: each types what the other screen shows.

/** @param {string} code "606 368" */
const digitByDigit = (code) => code.split(' ').map((group) => [...group].join(' ')).join(', ');

/**
 * @param {{ isNew?: boolean, role?: string }} how `isNew`: the pairing has just ended
 */
function showCompare({ isNew = false, role = '' } = {}) {
  const summary = key.summary();
  if (!summary) return;
  if (!summary.check_code) return showKey();
  const { peer } = summary;
  const trouble = problem();
  const input = h('input', {
    id: 'digits', type: 'text', inputmode: 'numeric', autocomplete: 'off', pattern: '[0-9 ]*', maxlength: 20,
    enterkeyhint: 'done', spellcheck: 'false', class: 'digits-field', 'aria-describedby': 'digits-hint',
  });
  const form = h('form', { class: 'stack', novalidate: true },
    h('h2', { id: 'other-heading' }, WORDS.compare.otherScreen),
    h('label', { for: 'digits', class: 'unseen' }, WORDS.compare.field),
    h('p', { class: 'hint', id: 'digits-hint' }, WORDS.compare.hint),
    input,
    trouble.element,
    h('button', { type: 'submit', id: 'check', class: 'main' }, WORDS.compare.check));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    compareDigits(input, trouble);
  });
  const code = isNew && role === 'initiator' ? ourCode(peer) : null;
  show('compare', {
    heading: isNew ? WORDS.stage.same : WORDS.compare.again(peer),
    headingClass: isNew ? 'same-key' : '',
    back: isNew ? null : () => showKey(),
    leave: () => code?.stop(),
  },
  code?.element,
  h('div', { class: 'side' },
    isNew ? h('p', { class: 'lead' }, ...named(WORDS.compare.share, peer), ' ', WORDS.compare.turnBack) : null,
    h('section', { class: 'card', 'aria-labelledby': 'own-heading' },
      h('h2', { id: 'own-heading' }, WORDS.compare.thisPhone),
      h('p', { id: 'own-digits', class: 'digits', role: 'img', 'aria-label': digitByDigit(summary.check_code) }, summary.check_code),
      h('p', { class: 'hint' }, WORDS.compare.readAloud)),
    h('section', { class: 'card accent-card', 'aria-labelledby': 'other-heading' }, form),
    h('p', { class: 'hint' }, WORDS.compare.ask),
    h('div', { class: 'stack' },
      button(WORDS.compare.later, () => showKey(), { id: 'later' }),
      h('p', { class: 'hint' }, WORDS.compare.kept),
      button(WORDS.compare.wrong, () => showDoubt(), { id: 'wrong', kind: 'danger' }))));
  code?.start();
}

/** Our code, which the other device may still be reading. @param {string} peer */
function ourCode(peer) {
  const { panel, canvas } = codePanel('code', WORDS.pair.code);
  const toggle = button(WORDS.compare.hideCode, () => {
    panel.hidden = words.hidden = !panel.hidden;
    toggle.textContent = panel.hidden ? WORDS.compare.showCode : WORDS.compare.hideCode;
  }, { id: 'our-code', kind: 'quiet' });
  const words = h('p', { class: 'hint' }, ...named(WORDS.compare.stillReading, peer));
  const done = statusLine('code-status');
  const asText = pairing.isByHand ? [...copyCode(done), done.element] : [];
  const element = h('div', { class: 'still-reading' }, panel, words, ...asText, toggle);
  let drawn = '';
  let timer = 0;
  const draw = () => {
    const room = isLandscape() ? codeRoom() : Math.min(document.documentElement.clientWidth, innerHeight * 0.5);
    if (!panel.hidden && !drawOwnCode(canvas, room, drawn, (now) => (drawn = now))) {
      element.hidden = true;
      clearInterval(timer);
    }
  };
  return {
    element,
    start() {
      draw();
      timer = setInterval(draw, 100);
      addEventListener('resize', draw);
    },
    stop() {
      clearInterval(timer);
      removeEventListener('resize', draw);
    },
  };
}

/** @param {HTMLInputElement} input @param {{ tell: (text: string) => void }} trouble */
function compareDigits(input, trouble) {
  let answer;
  try {
    answer = withCore((core) => core.json('compare', input.value, Date.now()));
  } catch (error) {
    if (isRefusal(error)) trouble.tell(sentence(error.text));
    return;
  }
  const words = WORDS.compare;
  switch (answer.result) {
    case 'match':
      navigator.vibrate?.(60);
      return showKey();
    case 'mismatch':
      key.forget();
      return showFailure('check-code-differs', () => pairing.begin(pairing.isCameraWanted));
    case 'own-digits':
      trouble.tell(words.ownDigits);
      break;
    case 'not-six-digits':
      trouble.tell(words.notSix);
      break;
    default:
      trouble.tell(words.wrongOnce);
      input.value = '';
  }
  input.focus();
}

/** A person doubts. */
function showDoubt() {
  show('doubt', { heading: WORDS.compare.doubt, back: () => showCompare() },
    h('p', {}, WORDS.compare.differ),
    h('p', {}, WORDS.compare.deleteToo),
    h('div', { class: 'stack' },
      button(WORDS.key.deleteKey, () => {
        try {
          withCore((core) => core.call('differ'));
        } catch (error) {
          if (!isRefusal(error)) return;
        }
        key.forget();
        showFailure('check-code-differs', () => pairing.begin(pairing.isCameraWanted));
      }, { id: 'delete-key', kind: 'danger' }),
      button(WORDS.key.keepIt, () => showCompare(), { id: 'keep' })));
}
