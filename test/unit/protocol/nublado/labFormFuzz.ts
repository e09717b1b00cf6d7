import assert from 'node:assert/strict';
import vm from 'node:vm';
import fc from 'fast-check';
import { groupImages } from '../../../../src/domain/lab/imageGroups';
import { readLabForm, type LabForm } from '../../../../src/protocol/nublado/labForm';
import { expectedOf, writeForm, type FormModel } from './formWriter';

const FORMS_PER_ROUND = 250;
/** Of processor time, for one form; such a small one takes far less than a millisecond. */
const FORM_WITHIN_MS = 250;
/** Of time on the clock, for a round; only what never ends takes so long. */
const ROUND_WITHIN_MS = 240_000;

const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    '7',
    ' ',
    '&',
    '<',
    '>',
    '"',
    "'",
    '(',
    ')',
    'é',
    '星',
    '🦋',
    'amp;',
    '&lt;',
    '-',
    '\n',
  ),
  maxLength: 12,
});
const tag = fc.oneof(
  fc
    .tuple(fc.integer({ min: 2019, max: 2030 }), fc.integer({ min: 1, max: 55 }))
    .map(([a, b]) => `w_${a}_${b}`),
  fc.integer({ min: 0, max: 40 }).map((number) => `d_2026_07_${number}`),
  fc.integer({ min: 0, max: 99 }).map((number) => `r${number}_0_1_rsp${number}`),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'c', '0', '1', '_', '.', '-', '&'),
    minLength: 1,
    maxLength: 10,
  }),
  fc.constantFrom('recommended', 'latest_weekly', 'exp_w_2026_30', 'w_2026_30_c0044.003'),
);
const reference = fc
  .tuple(tag, fc.boolean())
  .map(([name, hasDigest]) => `reg/lab:${name}${hasDigest ? `@sha256:${name.length}` : ''}`);
const images = fc.uniqueArray(
  fc.tuple(reference, text).map(([value, name]) => ({
    reference: value,
    name: name.replace(/\s+/g, ' ').trim() || value,
  })),
  { selector: (image) => image.reference.split('@')[0], minLength: 1, maxLength: 10 },
);
const sizes = fc.uniqueArray(
  fc.record({
    value: fc.constantFrom('fine', 'tiny', 'small', 'medium', 'large', 'huge'),
    name: fc.constantFrom('Small', 'Very large', 'Größer'),
    content: fc.option(fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 512 })), {
      nil: undefined,
    }),
  }),
  { selector: ({ value }) => value, minLength: 1, maxLength: 4 },
);
const model: fc.Arbitrary<FormModel> = fc
  .record({
    images,
    prepulled: fc.nat(6),
    sizes,
    checkedImage: fc.option(fc.nat(3), { nil: undefined }),
    checkedSize: fc.option(fc.nat(3), { nil: undefined }),
    hasDebugOption: fc.boolean(),
    hasResetOption: fc.boolean(),
  })
  .map(({ images: all, prepulled, sizes: offered, ...rest }) => ({
    ...rest,
    menu: all.slice(0, prepulled).map((image) => ({ ...image, isPrepulled: true })),
    dropdown: all.slice(prepulled).map((image) => ({ ...image, isPrepulled: false })),
    sizes: offered.map(({ value, name, content }) => ({
      value,
      name,
      cpuCores: content && content[0] / 4,
      memoryGib: content?.[1],
    })),
  }));
const style = fc.integer();

/** Signs and pieces at which readers of HTML have stumbled. */
const PIECES = [
  ...[
    '<',
    '>',
    '</',
    '/>',
    '"',
    "'",
    '=',
    ' ',
    '\n',
    '\0',
    '&',
    '&#',
    '&#0;',
    '&#x110000;',
    '&amp',
    '\u2028',
    '🦋',
    '\ud800',
  ],
  ...[
    '<!--',
    '-->',
    '<!',
    '<?',
    '<![CDATA[',
    '<script>',
    '</script',
    '<style>',
    '<title>',
    '</title>',
    '<svg>',
    '<p>',
  ],
  ...[
    '<select name=image_dropdown>',
    '</select>',
    '<option value=',
    '<option>',
    '<optgroup>',
    '<label for=',
    '<label>',
    '</label>',
  ],
  ...[
    '<input name=image_list value=',
    '<input name=size value=x>',
    'use_image_from_dropdown',
    ' checked',
    ' disabled',
  ],
  ...[
    'Notebooks unavailable',
    '(1 CPU, 1Gi RAM)',
    '<input name=size value=y><label for=y>',
    ' name=size',
    ' id=image1',
  ],
  ...[
    '('.repeat(60),
    ' '.repeat(300),
    '<div>'.repeat(100),
    '9'.repeat(400),
    '-a'.repeat(100),
    '_c1'.repeat(100),
  ],
] as const;
const edit = fc.record({
  kind: fc.constantFrom('delete', 'insert', 'repeat', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(60),
  piece: fc.constantFrom(...PIECES),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(html: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { kind, at, length, piece }) => {
    const start = Math.floor(at * before.length);
    const [head, middle, tail] = [
      before.slice(0, start),
      before.slice(start, start + length),
      before.slice(start + length),
    ];
    if (kind === 'delete') return head + tail;
    if (kind === 'insert') return head + piece + middle + tail;
    return kind === 'repeat' ? head + middle + middle + tail : at > 0.8 ? head : head + piece + tail;
  }, html);
}

const mutated = fc
  .tuple(model, style, fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([what, how, edits]) => edited(writeForm(what, how), edits));
const soup = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), text), { maxLength: 30 })
  .map((pieces) => pieces.join(''));

/** What is wrong with a form that was read; nothing of a form may be wrong, whatever it was read from. */
function assertSound(form: LabForm | undefined): void {
  if (form?.kind !== 'offer') return;
  const references = form.images.map((image) => image.reference);
  const values = form.sizes.map(({ value }) => value);
  const numbers = form.sizes.flatMap(({ cpuCores, memoryGib }) => [cpuCores ?? 0, memoryGib ?? 0]);
  const texts = [
    ...references,
    ...values,
    ...form.images.map(({ name }) => name),
    ...form.sizes.map(({ name }) => name),
  ];
  assert.ok(references.length > 0 && new Set(references).size === references.length);
  assert.ok(values.length > 0 && new Set(values).size === values.length);
  assert.ok(texts.every((each) => each !== '' && each === each.trim()));
  assert.ok(numbers.every((number) => Number.isFinite(number) && number >= 0));
  assert.ok(form.defaultImage === undefined || references.includes(form.defaultImage));
  assert.ok(form.defaultSize === undefined || values.includes(form.defaultSize));
  const { main, others } = groupImages(form);
  const grouped = [...main, ...others()].flatMap((group) => group.images.map(({ image }) => image.reference));
  assert.deepEqual([...grouped].sort(), [...references].sort());
}

function readInTime(html: string): LabForm | undefined {
  const before = process.cpuUsage();
  const form = readLabForm(html);
  assertSound(form);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < FORM_WITHIN_MS * 1_000, 'too slow');
  return form;
}

/** Forms written in odd ways must be read as they are meant; broken ones and what is none must end in some answer. */
const PROPERTIES = [
  fc.property(model, style, (what, how) =>
    assert.deepEqual(readInTime(writeForm(what, how)), expectedOf(what)),
  ),
  fc.property(mutated, (html) => void readInTime(html)),
  fc.property(mutated, (html) => void readInTime(html)),
  fc.property(soup, (html) => void readInTime(html)),
] as const;

/**
 * Reads this many forms, a quarter each as they are written, two quarters mutated, a quarter without any sense.
 *
 * @returns what went wrong, one text for each round of forms, with the seed that brings it back.
 */
export function fuzzLabForm({
  seed,
  forms,
}: {
  readonly seed: number;
  readonly forms: number;
}): readonly string[] {
  const violations: string[] = [];
  for (let round = 0; round * FORMS_PER_ROUND < forms; round++) {
    const property = PROPERTIES[round % PROPERTIES.length];
    const numRuns = Math.min(FORMS_PER_ROUND, forms - round * FORMS_PER_ROUND);
    const run = (): string | undefined =>
      property &&
      (fc.defaultReportMessage(fc.check<unknown[]>(property, { seed: seed + round, numRuns })) ?? undefined);
    try {
      // Only this ends what would never end by itself.
      const violation: unknown = vm.runInNewContext('run()', { run }, { timeout: ROUND_WITHIN_MS });
      if (typeof violation === 'string') violations.push(`Round ${round}: ${violation}`);
    } catch (error) {
      violations.push(`Round ${round}, seed ${seed + round}: ${String(error)}`);
    }
  }
  return violations;
}
