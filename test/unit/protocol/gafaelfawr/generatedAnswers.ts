import fc from 'fast-check';
import type { GeneratedAnswer } from '../../fuzz/answeringHttp';
import { bodies, PROTO } from '../../fuzz/hostileJson';

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
    return fc.tuple(
      fc.constant(question),
      fc.record({ status, headers, body: bodies(BODIES[question], error) }),
    );
  });
