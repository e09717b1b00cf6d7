import fc from 'fast-check';

/** An answer as it comes from the network, whoever wrote it. */
export interface GeneratedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export const QUESTIONS = [
  'token-info',
  'user-info',
  'tokens',
  'create',
  'revoke',
  'changes',
  'changes of one',
  'is there',
] as const;
export type Question = (typeof QUESTIONS)[number];

/** Stand in a value for what only JSON text can say. */
const PROTO = '\u{E000}proto';
const HUGE = '\u{E000}huge';
const DEEP = '\u{E000}deep';

const NESTED = `${'[{"a":'.repeat(300)}1${'}]'.repeat(300)}`;
/** Deeper than any stack, and too large to be made often. */
const ABYSS = '['.repeat(50_000);

function toText(value: unknown): string {
  return ((JSON.stringify(value) as string | undefined) ?? '')
    .replaceAll(PROTO, '__proto__')
    .replaceAll(`"${HUGE}"`, '1e999')
    .replaceAll(`"${DEEP}"`, () => NESTED);
}

const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('exec:notebook', 'user:token', 'tap', 'vrubin'),
);
const key = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
const scopes = fc.array(word, { maxLength: 4 });
const optional = { requiredKeys: [] };

const quota = fc.record(
  {
    api: fc.dictionary(word, fc.nat(), { maxKeys: 3 }),
    disk: fc.dictionary(word, fc.nat(), { maxKeys: 2 }),
    notebook: fc.record({ cpu: fc.float({ noNaN: true }), memory: fc.nat(), spawn: fc.boolean() }),
    tap: fc.dictionary(word, fc.record({ concurrent: fc.nat() }), { maxKeys: 2 }),
  },
  optional,
);
const userInfo = fc.record(
  {
    username: fc.constantFrom('vrubin', 'bot-mobu'),
    name: fc.string(),
    email: fc.emailAddress(),
    uid: fc.nat(),
    gid: fc.nat(),
    groups: fc.array(fc.record({ name: word, id: fc.nat() }), { maxLength: 4 }),
    quota,
  },
  { requiredKeys: ['username'] },
);
const tokenFields = {
  token: key,
  username: fc.constant('vrubin'),
  token_type: fc.constantFrom('user', 'session', 'notebook', 'internal', 'service', 'oidc', 'new'),
  scopes,
  service: word,
  created: seconds,
  expires: fc.option(seconds),
  token_name: word,
  last_used: seconds,
  parent: key,
};
const tokenInfo = fc.record(tokenFields, { requiredKeys: ['token', 'username', 'token_type', 'scopes'] });
const change = fc.record(
  {
    ...tokenFields,
    actor: fc.constantFrom('vrubin', '<internal>'),
    action: fc.constantFrom('create', 'edit', 'expire', 'revoke'),
    old_token_name: word,
    old_scopes: scopes,
    old_expires: fc.option(seconds),
    ip_address: fc.oneof(fc.ipV4(), fc.constant(null)),
    event_time: seconds,
  },
  { requiredKeys: ['token', 'username', 'token_type', 'scopes', 'actor', 'action', 'event_time'] },
);
const made = fc.record({ token: fc.stringMatching(/^gt-[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/) });
const refused = fc.record({
  type: fc.constantFrom(
    'duplicate_token_name',
    'invalid_expires',
    'invalid_scopes',
    'permission_denied',
    'not_found',
    'rate_limited',
    'constructor',
    PROTO,
  ),
  msg: fc.oneof(
    word,
    fc.constantFrom('Missing required user:token scope', 'Cannot act on tokens for user x'),
  ),
});
const error = fc.oneof(
  fc.record({ detail: fc.array(refused, { maxLength: 3 }) }),
  fc.record({ detail: refused }),
  fc.record({ detail: fc.string() }),
);

const BODIES: Readonly<Record<Question, fc.Arbitrary<unknown>>> = {
  'token-info': tokenInfo,
  'user-info': userInfo,
  tokens: fc.array(tokenInfo, { maxLength: 4 }),
  create: made,
  revoke: fc.constant(undefined),
  changes: fc.array(change, { maxLength: 4 }),
  'changes of one': fc.array(change, { maxLength: 4 }),
  'is there': error,
};

const hostile: fc.Arbitrary<unknown> = fc.oneof(
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
function mutated(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const mutation = fc.record({
    at: fc.nat(),
    value: hostile,
    how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    name: fc.constantFrom(PROTO, 'constructor', 'toString', 'invented', 'username', 'quota', 'expires'),
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

function bodyOf(question: Question): fc.Arbitrary<string | Buffer> {
  const valid = BODIES[question];
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
    { weight: 1, arbitrary: fc.tuple(text, word).map(([all, rest]) => `${all}${rest}`) },
    { weight: 1, arbitrary: text.map((all) => `\ufeff${all}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '<html><h1>502 Bad Gateway</h1></html>', 'undefined', 'NaN', ABYSS),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
  );
}

const SUCCESSES: Readonly<Partial<Record<Question, number>>> = { create: 201, revoke: 204, 'is there': 401 };
const ERRORS = [400, 401, 403, 404, 405, 409, 410, 418, 422, 424, 429, 500, 502, 503, 504];
const ODD = [
  200, 201, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 307, 308, 499, 520, 599, 600, 999,
];

const headerText = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,40}$/),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '400',
    '401',
    '429',
    '1e308',
    '0x10',
    'null',
    'Fri, 21 Aug 2026 12:00:00 GMT',
  ),
  fc.constantFrom('/login?rd=x', 'https://elsewhere.example/', '//', 'javascript:0', 'http://[', '%'),
  fc.constantFrom(
    '<https://a.example/?cursor=1_2>; rel="next"',
    '<?cursor=p1_2>;rel=next',
    '<>; rel="next"',
    '<',
  ),
  fc.constantFrom(
    'Bearer realm="rsp"',
    'Bearer realm="rsp", error="invalid_token", error_description="Remaining token lifetime too short"',
    'Bearer error="insufficient_scope", scope="exec:notebook read:tap"',
    'Bearer error="insufficient_scope"',
    'Basic realm="\\"',
  ),
);
const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'www-authenticate',
    'retry-after',
    'x-error-status',
    'x-error-body',
    'link',
    'x-total-count',
    'location',
    'set-cookie',
    'x-ratelimit-limit',
    'constructor',
  ),
  headerText,
  { maxKeys: 4, noNullPrototype: true },
);

/** A question, and what somebody answers it with: valid, nearly so, or not at all. */
export const generated: fc.Arbitrary<readonly [Question, GeneratedAnswer]> = fc
  .constantFrom(...QUESTIONS)
  .chain((question) => {
    const status = fc.oneof(
      { weight: 6, arbitrary: fc.constant(SUCCESSES[question] ?? 200) },
      { weight: 3, arbitrary: fc.constantFrom(...ERRORS) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    );
    return fc.tuple(fc.constant(question), fc.record({ status, headers, body: bodyOf(question) }));
  });
