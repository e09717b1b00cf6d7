import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { sharedRows } from '../../../../src/domain/rows/sharedRows';
import { semaphoreUrl, toSite } from '../../../../src/domain/sites/site';
import { HttpAnswer, toHeaders } from '../../../../src/protocol/http/answer';
import { SharesSchema, UserModelSchema } from '../../../../src/protocol/jupyterhub/schemas';
import { UserStatusSchema } from '../../../../src/protocol/nublado/schemas';
import { DiscoverySchema } from '../../../../src/protocol/repertoire/schemas';
import { sampleAccount } from '../../../fakes/samples';
import { bodies, PROTO } from '../../fuzz/hostileJson';
import { subject } from '../../fuzz/subject';
import { assertTyped } from './failures';

const BASE = new URL('https://data.example');
const optional = { requiredKeys: [] };
const word = fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('', 'nublado', 'v1', 'toString', PROTO));
const time = fc.constantFrom('2026-08-21T12:00:00.000Z', 'soon', '');

const server = fc.record(
  {
    display_name: word,
    url: fc.constantFrom('/nb/user/vrubin/', 'https://vrubin.nb.data.example/nb/user/vrubin/', ''),
    pending: fc.constantFrom('spawn', 'stop', null, 'what'),
    ready: fc.boolean(),
    stopped: fc.boolean(),
    started: time,
    last_activity: time,
    user_options: fc.dictionary(word, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
  },
  { requiredKeys: ['url'] },
);
const user = fc.record(
  {
    name: fc.constant('vrubin'),
    servers: fc.dictionary(fc.constantFrom('', 'other', PROTO), server, { maxKeys: 2 }),
    admin: fc.boolean(),
  },
  { requiredKeys: ['name'] },
);
const ServerShape = z.strictObject({
  label: z.string().optional(),
  pending: z.string().optional(),
  isReady: z.boolean(),
  isStopped: z.boolean(),
  url: z.string(),
  startedAt: z.string().optional(),
  lastActivityAt: z.string().optional(),
  options: z.record(z.string(), z.unknown()),
});
const UserShape = z.strictObject({
  name: z.string(),
  server: ServerShape.optional(),
  servers: z.map(z.string(), ServerShape).optional(),
});
const shares = fc.record({
  items: fc.array(
    fc.record({
      server: fc.record(
        { name: word, url: word, ready: fc.boolean(), user: fc.record({ name: word }) },
        { requiredKeys: ['name', 'url', 'user'] },
      ),
      scopes: fc.array(word, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
});
const SharedShape = z.strictObject({
  owner: z.string(),
  name: z.string(),
  url: z.string(),
  isReady: z.boolean(),
});

const status = fc.record(
  {
    options: fc.record(
      { size: word, image: word, enable_debug: fc.boolean(), reset_user_env: fc.boolean() },
      optional,
    ),
    status: fc.constantFrom('pending', 'running', 'terminating', 'terminated', 'failed', 'new'),
    resources: fc.record({ limits: fc.record({ cpu: fc.nat(), memory: fc.nat() }) }),
  },
  optional,
);
const StatusShape = z.strictObject({
  status: z.string().optional(),
  size: z.string().optional(),
  imageReference: z.string().optional(),
  isDebug: z.boolean(),
  hasResetEnvironment: z.boolean(),
  limits: z.strictObject({ cpuCores: z.number(), memoryBytes: z.number() }).optional(),
});

const url = fc.constantFrom(
  ...[
    'https://data.example/nb',
    'https://nb.data.example/nb',
    'https://data.example/auth/api/v1',
    'https://data.example',
  ],
  ...[
    'http://data.example/nb',
    'https://evil.test/nb',
    'https://data.example:8443/',
    'https://data.example.evil.test/',
  ],
  ...['https://user:word@data.example/nb', 'https://data.example@evil.test/nb', 'https://evildata.example/'],
  ...[
    'https://data.example/nb?x=1#y',
    'javascript:alert(1)',
    '//evil.test',
    'https:\\\\evil.test',
    'https://[::1]/',
  ],
  ...[
    'mailto:a@data.example',
    'https://data.example/%2e%2e/nb',
    'file:///etc',
    `https://data.example/${'x'.repeat(3000)}`,
  ],
);
const service = fc.record(
  { url, versions: fc.dictionary(fc.constantFrom('v1', 'v2', PROTO), fc.record({ url }), { maxKeys: 2 }) },
  { requiredKeys: ['url'] },
);
const names = fc.constantFrom(
  'nublado',
  'settings',
  'nublado-controller',
  'gafaelfawr',
  'semaphore',
  PROTO,
  'constructor',
);
const discovery = fc.record(
  {
    environment_name: word,
    applications: fc.array(word, { maxLength: 3 }),
    datasets: fc.dictionary(
      word,
      fc.record(
        {
          description: word,
          docs_url: url,
          services: fc.dictionary(word, fc.record({ url }), { maxKeys: 2 }),
        },
        optional,
      ),
      { maxKeys: 2 },
    ),
    services: fc.record({
      internal: fc.dictionary(names, service, { maxKeys: 3 }),
      ui: fc.dictionary(names, fc.record({ url }), { maxKeys: 3 }),
    }),
  },
  optional,
);

export const MODEL_SUBJECTS = [
  subject('user model', bodies(user, user), (body) => {
    UserShape.parse(read(body, UserModelSchema)?.value ?? { name: '' });
  }),
  subject('shared servers', bodies(shares, shares), (body) => {
    const items = read(body, SharesSchema)?.value.items ?? [];
    z.array(SharedShape).parse(items);
    const rows = sharedRows(sampleAccount(), items).flatMap(({ children = [] }) => children);
    for (const { url } of rows) assert.ok(url === undefined || /^https?:/.test(url), `leads to ${url}`);
  }),
  subject('status of a lab', bodies(status, status), (body) => {
    const value = read(body, UserStatusSchema)?.value;
    if (value) StatusShape.parse(value);
  }),
  subject('discovery', bodies(discovery, discovery), (body) => {
    const found = read(body, DiscoverySchema)?.value;
    if (!found) return;
    try {
      const site = toSite(BASE, found);
      const semaphore = semaphoreUrl(site, found);
      for (const address of [site.hubUrl, site.controllerUrl, site.gafaelfawrUrl, site.tokensUrl, semaphore])
        if (address) assertOwn(address);
    } catch (error) {
      assert.ok(error instanceof ProblemError, `failed untyped: ${String(error)}`);
    }
  }),
];

/** Whoever is asked there is sent the token. */
function assertOwn({ href, protocol, hostname, port, username, password }: URL): void {
  const isOwn = hostname === BASE.hostname || hostname.endsWith(`.${BASE.hostname}`);
  assert.ok(isOwn && protocol === 'https:' && port === '', `leads to ${href}`);
  assert.ok(username === '' && password === '', `has credentials of its own: ${href}`);
}

function read<S extends z.ZodType>(
  body: string | Buffer,
  schema: S,
): { readonly value: z.output<S> } | undefined {
  const answer = new HttpAnswer('GET /x', BASE, 200, toHeaders({}), Buffer.from(body));
  try {
    return { value: answer.json(schema) };
  } catch (error) {
    assertTyped(error);
    return undefined;
  }
}
