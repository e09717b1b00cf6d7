import fc from 'fast-check';

/** Stand in a value for what only JSON text can say. */
export const PROTO = '\u{E000}proto';
const HUGE = '\u{E000}huge';
const DEEP = '\u{E000}deep';

const NESTED = `${'[{"a":'.repeat(300)}1${'}]'.repeat(300)}`;
/** Deeper than any stack, and too large to be made often. */
const ABYSS = '['.repeat(50_000);

export function toText(value: unknown): string {
  return ((JSON.stringify(value) as string | undefined) ?? '')
    .replaceAll(PROTO, '__proto__')
    .replaceAll(`"${HUGE}"`, '1e999')
    .replaceAll(`"${DEEP}"`, () => NESTED);
}

/** Names with a meaning to JavaScript, and those of fields that are read. */
const NAMES = [
  ...[PROTO, 'constructor', 'toString', 'invented'],
  ...['username', 'quota', 'expires', 'servers', 'services', 'url', 'versions', 'message'],
];

/** What nobody expects at any place. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', 0, -1, 0.5, [], {}, [[]], HUGE, DEEP),
  fc.constantFrom<unknown>(
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    8.64e12,
    8.64e12 + 1,
    -8.64e12 - 1,
    2 ** 53,
    '1',
  ),
  fc.constantFrom<unknown>(
    { [PROTO]: { polluted: true } },
    { constructor: { prototype: { polluted: true } } },
  ),
  fc.constantFrom<unknown>(
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    '<script>',
    '../../..',
    '\r\nset-cookie: a=b',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A valid body in which up to three places hold something else, or hold nothing any more. */
export function mutated(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const mutation = fc.record({
    at: fc.nat(),
    value: hostile,
    how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    name: fc.constantFrom(...NAMES),
  });
  return fc
    .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([value, mutations]) => mutations.reduce<unknown>((body, each) => mutate(body, each), value));
}

function mutate(
  body: unknown,
  { at, value, how, name }: { at: number; value: unknown; how: string; name: string },
): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const names = Object.keys(body);
  const chosen = names[at % (names.length + 1)];
  if (chosen === undefined && how === 'replace') return value;
  const copy = new Map<string, unknown>(Object.entries(body));
  if (chosen === undefined || how === 'add') copy.set(name, value);
  else if (how === 'remove') copy.delete(chosen);
  else
    copy.set(chosen, mutate(copy.get(chosen), { at: Math.floor(at / (names.length + 1)), value, how, name }));
  return Array.isArray(body) ? [...copy.values()] : Object.fromEntries(copy);
}

/** Texts that somebody answers with: valid ones, nearly valid ones, cut ones, and what has no sense at all. */
export function bodies(
  valid: fc.Arbitrary<unknown>,
  error: fc.Arbitrary<unknown>,
): fc.Arbitrary<string | Buffer> {
  const text = fc.oneof(valid, error).map(toText);
  return fc.oneof(
    { weight: 4, arbitrary: valid.map(toText) },
    { weight: 8, arbitrary: mutated(valid).map(toText) },
    { weight: 2, arbitrary: mutated(error).map(toText) },
    { weight: 1, arbitrary: error.map(toText) },
    { weight: 1, arbitrary: hostile.map(toText) },
    {
      weight: 1,
      arbitrary: fc.tuple(text, fc.nat()).map(([all, cut]) => all.slice(0, cut % (all.length + 1))),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(text, fc.string({ maxLength: 12 })).map(([all, rest]) => `${all}${rest}`),
    },
    { weight: 1, arbitrary: text.map((all) => `\ufeff${all}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '<html><h1>502 Bad Gateway</h1></html>', 'undefined', 'NaN', ABYSS),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
  );
}
