import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAnswer } from '../../../../src/domain/lab/optionsCheck';
import { stillFits, toKeep, toSteps } from '../../../../src/domain/lab/optionsSteps';
import {
  answerOf,
  toApiOptions,
  toFormBody,
  toLists,
  type OptionsAnswers,
} from '../../../../src/protocol/jupyterhub/optionsBody';
import { readOptionsPage, type OptionsForm } from '../../../../src/protocol/jupyterhub/optionsForm';
import { REAL_FORMS, spawnPage } from '../../../fakes/optionsForms';
import { subject } from '../../fuzz/subject';

/** Pieces that forms are made of, whole and broken. */
const PIECES = [
  ...[
    '<select name=a>',
    '<select name=b multiple>',
    '</select>',
    '<option value=1>',
    '<option selected>',
    '</option>',
  ],
  ...[
    '<optgroup label=g>',
    '<option disabled selected>',
    '<input name=a>',
    '<input type=radio name=profile value=p>',
  ],
  ...['<input type=radio name=profile value=p-q id=profile-item-p>', '<select name=profile-option-p--x>'],
  ...['<input data-name=profile-option-p--x--unlisted-choice>', '<select name=profile-option-p-q--x>'],
  ...['<input type=number name=n min=5 max=1 step=0>', '<input type=range name=r min=9 value=1e999>'],
  ...[
    '<input type=checkbox name=c>',
    '<input type=hidden name=h value=1>',
    '<input type=file name=f required>',
  ],
  ...[
    '<textarea name=t>',
    '</textarea>',
    '<label for=a>',
    '<label>',
    '</label>',
    '<fieldset disabled>',
    '<fieldset>',
  ],
  ...[
    '<legend>',
    '</fieldset>',
    '<h3>',
    '</h3>',
    '<p>',
    '<div hidden>',
    '</div>',
    '<br>',
    '<form>',
    '</form>',
  ],
  ...[
    '<button name=go value=1>',
    '</button>',
    '<datalist id=d>',
    '<input list=d name=l>',
    '<script>',
    '</script>',
  ],
  ...[
    '<select name=image><option value=\'{"name": "x"}\'>',
    '<input name=__proto__>',
    '<input name=constructor>',
  ],
  ...[
    '<',
    '>',
    '"',
    "'",
    '&amp;',
    '&#0;',
    '\0',
    '🦋',
    '\ud800',
    'text: ',
    '<small>',
    '<!--',
    '<div>'.repeat(50),
  ],
] as const;
const soup = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), { maxLength: 40 });
const real = fc.constantFrom(...REAL_FORMS.map(({ html }) => html));
const cut = fc.tuple(real, fc.nat(3000), fc.nat(200), fc.constantFrom(...PIECES, ''));
const html = fc.oneof(
  soup.map((pieces) => pieces.join('')),
  cut.map(([whole, at, length, piece]) => whole.slice(0, at) + piece + whole.slice(at + length)),
);
const answers: fc.Arbitrary<OptionsAnswers> = fc.dictionary(
  fc.constantFrom('a', 'b', 'profile', 'profile-option-p--x', 'n', 'image', '__proto__', 'queue'),
  fc.array(fc.constantFrom('1', 'p', 'p-q', 'unlisted-choice', ''), { maxLength: 3 }),
);

export const FORM_SUBJECTS = [
  subject('options forms of every kind', fc.tuple(html, fc.boolean(), answers), ([inner, isWhole, given]) => {
    const page = readOptionsPage(isWhole ? spawnPage(inner) : `<form id=spawn_form>${inner}`);
    if (page.kind === 'form') assertSound(page.form, given);
  }),
  subject('pages that may hold an options form', fc.tuple(soup, fc.nat(500)), ([pieces, at]) => {
    const whole = spawnPage(pieces.join(''), 'x');
    const page = readOptionsPage(whole.slice(at) + whole.slice(0, at));
    assert.ok(['form', 'unsupported', 'none'].includes(page.kind));
  }),
];

function assertSound(form: OptionsForm, given: OptionsAnswers): void {
  const ids = form.fields.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'two fields are taken for one');
  for (const field of form.fields) {
    assert.ok(field.name !== '' && field.label !== '', 'has no name');
    const word = checkAnswer(field, answerOf(field, given));
    assert.ok(word === undefined || word.length > 0);
  }
  for (const chosen of [{}, given]) {
    const asked = toSteps(form, chosen).flatMap((step) => (step.kind === 'ask' ? [step.field] : step.fields));
    assert.equal(new Set(asked).size, asked.length, 'is asked twice');
    const body = toFormBody(form, chosen);
    const names = new Set([...form.hidden.map(([name]) => name), ...form.fields.map(({ name }) => name)]);
    assert.ok(body.every(([name, value]) => names.has(name) && typeof value === 'string'));
    assert.equal(Object.values(toLists(body)).flat().length, body.length);
    assert.ok(JSON.stringify(toApiOptions(form, chosen)));
    const kept = stillFits(form, toKeep(form, chosen));
    if (kept) assert.ok(stillFits(form, kept), 'fits but once');
  }
}
