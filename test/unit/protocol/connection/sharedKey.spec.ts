import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { SiteLink } from '../../../../src/protocol';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { FakePlainHub, HUB_TOKEN } from '../../../fakes/fakePlainHub';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { RecordingLog } from '../../../fakes/recordingLog';

const MINUTE_MS = 60_000;
const first = `token ${'f'.repeat(31)}1`;
const second = `token ${'f'.repeat(31)}2`;

describe('the way to a server of somebody else', () => {
  let hub: FakePlainHub;
  let clock: JumpingClock;
  let log: RecordingLog;
  let link: SiteLink;
  let mayEnter: () => void;

  beforeEach(async () => {
    hub = await FakePlainHub.start();
    hub.others = () => ({ json: [] });
    clock = new JumpingClock();
    log = new RecordingLog();
    mayEnter = () => undefined;
    const server = { owner: 'bob', name: 'gpu', mayEnter: () => mayEnter() };
    link = hub.protocol(log, { clock }).link(hub.site, 'ada', () => new Secret(HUB_TOKEN), server);
  });
  afterEach(async () => {
    link.close();
    await hub.stop();
  });

  const enter = (): Promise<void> =>
    link.connection.enterLab(
      { url: link.connection.toLabUrl('/jupyter/user/bob/gpu/'), startedAt: '' },
      never,
    );
  const ask = async (): Promise<number> => {
    const url = new URL('user/bob/gpu/api/kernels', hub.url);
    return (await link.connection.lab({ method: 'GET', url }, never)).status;
  };
  const toOthers = (): readonly (string | undefined)[] =>
    hub.server.seen
      .filter(({ path }) => path.startsWith('/jupyter/user/'))
      .map(({ headers }) => headers.authorization);
  const wishes = (): readonly unknown[] =>
    hub.server.seen
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/tokens'))
      .map(({ body }): unknown => JSON.parse(body));
  const ended = (): readonly string[] =>
    hub.server.lines.filter((line) => line.startsWith('DELETE')).map((line) => line.replace(/.*\//, ''));
  const failureOf = async (asked: Promise<unknown>): Promise<unknown> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof RequestFailure ? [error.kind, error.reason] : error;
  };
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is opened with a token made for it alone, in requests and sockets; the own one goes to the hub only', async () => {
    await enter();
    await ask();
    const socket = new link.socketClass(
      new URL('user/bob/gpu/api/events/subscribe', hub.url).href.replace('http', 'ws'),
    );
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.on('close', resolve));
    assert.deepEqual(
      [toOthers(), wishes()],
      [
        [first, first],
        [
          {
            note: 'VS Code, for the server bob/gpu alone',
            scopes: ['access:servers!server=bob/gpu'],
            expires_in: 3600,
          },
        ],
      ],
    );
    assert.ok(![HUB_TOKEN, first.slice(6)].some((token) => log.lines.join('\n').includes(token)));
  });

  it('is no way to anybody else’s server, and the own way is none to this one', async () => {
    const own = hub.protocol(log).link(hub.site, 'ada', () => new Secret(HUB_TOKEN));
    const leads = (to: SiteLink, path: string): boolean => {
      try {
        to.connection.toLabUrl(path);
        return true;
      } catch {
        return false;
      }
    };
    const paths = [
      '/jupyter/user/bob/gpu/',
      '/jupyter/user/ada/',
      '/jupyter/user/b%6Fb/',
      '/jupyter/hub/',
      '/jupyter/user/%/',
    ];
    assert.deepEqual(
      [paths.map((path) => leads(link, path)), paths.map((path) => leads(own, path))],
      [
        [true, false, true, false, false],
        [false, true, false, false, false],
      ],
    );
    const address = { url: new URL('user/bob/gpu/', hub.url), startedAt: '' };
    await own.connection.enterLab(address, never);
    await assert.rejects(own.connection.lab({ method: 'GET', url: address.url }, never), {
      reason: 'foreignRedirect',
    });
    assert.throws(() => own.connection.socketHeaders(address.url));
    assert.deepEqual(toOthers(), []);
  });

  it('stays closed, and no token is made, before the person has agreed', async () => {
    const refusal = new Error('not agreed');
    mayEnter = () => {
      throw refusal;
    };
    assert.deepEqual([await failureOf(enter()), await failureOf(ask())], [refusal, refusal]);
    assert.deepEqual([toOthers(), wishes()], [[], []]);
  });

  it('gets another token before the end of the first, which is ended then', async () => {
    await enter();
    clock.advance(49 * MINUTE_MS);
    await ask();
    clock.advance(2 * MINUTE_MS);
    await ask();
    await until(() => ended().length > 0);
    assert.deepEqual([toOthers(), ended()], [[first, second], ['a2']]);
  });

  it('goes on with a token that still lives when the hub makes no other at the moment', async () => {
    await enter();
    hub.tokenRefusal = { status: 503 };
    clock.advance(55 * MINUTE_MS);
    assert.deepEqual([await ask(), toOthers()], [200, [first]]);
    clock.advance(6 * MINUTE_MS);
    assert.deepEqual(await failureOf(ask()), ['server', undefined]);
  });

  it('asks once more with another token where a lab turns away one of some age', async () => {
    hub.others = ({ headers }) => (headers.authorization === first ? FORBIDDEN : { json: [] });
    await enter();
    const young = await failureOf(ask());
    clock.advance(6 * MINUTE_MS);
    assert.deepEqual(
      [young, await ask(), toOthers()],
      [['forbidden', 'keyRefused'], 200, [first, first, second]],
    );
  });

  it('says so where the own token may make no other, and where the hub does not grant one', async () => {
    const seen: unknown[] = [];
    for (const [status, message] of [
      [403, 'User ada not found or no permissions to generate tokens'],
      [400, 'Not assigning requested scopes access:servers!server=bob/gpu not held by User ada'],
    ] as const) {
      hub.tokenRefusal = { status, json: { status, message } };
      seen.push(await failureOf(enter()));
    }
    assert.deepEqual(
      [seen, toOthers()],
      [
        [
          ['forbidden', 'keyForbidden'],
          ['forbidden', 'keyRefused'],
        ],
        [],
      ],
    );
  });

  it('takes what the hub gives where tokens may not live for an hour', async () => {
    const message = 'token expires_in: 3600 must not exceed 600';
    hub.hold = () => {
      hub.tokenRefusal = undefined; // the next one is granted
      return Promise.resolve();
    };
    hub.tokenRefusal = { status: 400, json: { status: 400, message } };
    await enter();
    const asked = wishes().map((wish) => typeof wish === 'object' && wish !== null && 'expires_in' in wish);
    assert.deepEqual([asked, await ask()], [[true, false], 200]);
  });

  it('gives its token back as it ends, and makes no other', async () => {
    await enter();
    link.close();
    await until(() => ended().length > 0);
    assert.deepEqual([ended(), [...hub.tokens.keys()]], [['a2'], [HUB_TOKEN]]);
  });

  it('starts, stops and makes nothing', async () => {
    const { hub: client } = link;
    const tries = [client.startServer({}, never), client.stopServer(never), client.makeServer('x', never)];
    assert.deepEqual(await Promise.all(tries.map(failureOf)), Array(3).fill(['refused', undefined]));
    assert.deepEqual(hub.server.lines, []);
  });
});

const FORBIDDEN = { status: 403, json: { message: 'Forbidden', reason: null } };
