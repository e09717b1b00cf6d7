import assert from 'node:assert/strict';
import { once } from 'node:events';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { KERNEL_PROTOCOL } from '../../../../src/protocol/jupyter/kernelMessage';
import type { Welcome } from '../../../fakes/kernelEnd';
import { earsOn, SocketScene } from '../../../fakes/socketScene';

const MINUTE_MS = 60_000;

describe('the opening of a socket to a kernel', () => {
  let scene: SocketScene;
  beforeEach(async () => {
    scene = await SocketScene.open();
  });
  afterEach(() => scene.stop());

  it('offers the protocol of today also to a client that offers none after a failure', async () => {
    const socket = scene.make([]);
    await once(socket, 'open');
    assert.deepEqual(
      [scene.end.attempts.map(({ headers }) => headers['sec-websocket-protocol']), socket.protocol],
      [[KERNEL_PROTOCOL], KERNEL_PROTOCOL],
    );
  });

  it('speaks as before there were protocols to a lab that chooses none, at the first attempt', async () => {
    await scene.stop();
    scene = await SocketScene.open(() => false);
    const socket = scene.make([KERNEL_PROTOCOL]);
    const { heard } = earsOn(socket);
    await once(socket, 'open');
    const arrived = once(socket, 'message');
    scene.end.sockets[0]?.send('{"channel":"iopub"}');
    await arrived;
    assert.deepEqual(
      [socket.protocol, heard, scene.end.attempts.length],
      ['', ['open', 'text {"channel":"iopub"}'], 1],
    );
  });

  it('gives up after a minute without an answer, says so, and leaves no connection behind', async () => {
    scene.end.welcomes[0] = 'silence';
    const { heard, closed } = earsOn(scene.make());
    await scene.end.until(() => scene.end.attempts.length === 1);
    await scene.clock.pass(MINUTE_MS - 1);
    assert.deepEqual(heard, []);
    await scene.clock.pass(1);
    await closed;
    assert.deepEqual(
      [heard, scene.openings],
      [[`error GET ${scene.end.url.pathname} failed: timeout`, 'close 1006'], ['timeout ']],
    );
  });

  it('gives up after a minute also when the sign-in before it does not come to an end', async () => {
    scene.connection.entering = new Promise(() => undefined);
    const { heard, closed } = earsOn(scene.make());
    await scene.clock.pass(MINUTE_MS);
    await closed;
    assert.deepEqual([heard.length, scene.openings, scene.end.attempts.length], [2, ['timeout '], 0]);
  });

  const login = 'https://data.example/login?rd=x';
  const scope = 'Bearer realm="rsp", error="insufficient_scope", scope="exec:notebook"';
  const refusals: [string, Welcome, string][] = [
    ['a way to the sign-in page', { status: 302, headers: { location: login } }, 'unauthorized signInPage'],
    [
      'a 403 for want of a scope',
      { status: 403, headers: { 'www-authenticate': scope } },
      'forbidden scopeMissing',
    ],
    ['a 403 of the lab', { status: 403 }, 'forbidden cookiesStale'],
    [
      'a way to the hub',
      { status: 302, headers: { location: '/nb/hub/api/oauth2/authorize' } },
      'forbidden cookiesStale',
    ],
    ['a 404', { status: 404 }, 'notFound 404'],
    ['a 424', { status: 424 }, 'notFound labGone'],
    [
      'a way to a start',
      { status: 303, headers: { location: '/nb/hub/spawn-pending/v' } },
      'notFound labGone',
    ],
    ...[502, 503, 504].map((status): [string, Welcome, string] => [
      `a ${status}`,
      { status },
      `server ${status}`,
    ]),
  ];
  for (const [what, welcome, told] of refusals) {
    it(`is turned away by ${what} as a request would be`, async () => {
      scene.end.welcomes[0] = welcome;
      const socket = scene.make();
      const failed = new Promise<unknown>((resolve) => socket.once('error', resolve));
      const { heard, closed } = earsOn(socket);
      await closed;
      assert.ok((await failed) instanceof RequestFailure);
      assert.deepEqual([scene.openings, heard.at(-1)], [[told], 'close 1006']);
    });
  }

  it('tells a computer that cannot be reached from a lab that refuses', async () => {
    const { url } = scene.end;
    await scene.end.stop();
    const { closed } = earsOn(new scene.socketClass(url));
    await closed;
    assert.deepEqual(scene.openings, ['network connectionRefused']);
  });

  it('signs in before, if need be, and carries what the sign-in gave', async () => {
    scene.connection.onEnter = () => (scene.connection.cookie = 'entered=1');
    await scene.open();
    assert.equal(scene.end.attempts[0]?.headers.cookie, 'entered=1');
  });

  it('comes a second time with new cookies when the lab has forgotten the sign-in, and no third', async () => {
    scene.connection.onRequest = () => (scene.connection.cookie = 'new=1');
    scene.end.welcomes.splice(0, 1, { status: 403 }, 'open');
    await scene.open();
    assert.deepEqual(
      [scene.end.attempts.map(({ headers }) => headers.cookie), scene.connection.asked, scene.openings],
      [['old=1', 'new=1'], ['GET /nb/user/v/api/kernels/one'], [undefined]],
    );
    scene.end.welcomes.splice(0, 1, { status: 403 });
    await earsOn(scene.make()).closed;
    assert.deepEqual([scene.end.attempts.length, scene.openings], [4, [undefined, 'forbidden cookiesStale']]);
  });

  for (const [status, told] of [
    [404, 'notFound 404'],
    [424, 'notFound labGone'],
  ] as const) {
    it(`says what the lab says of the kernel when it asks again: ${told}`, async () => {
      scene.end.welcomes[0] = { status: 403 };
      scene.connection.status = status;
      await earsOn(scene.make()).closed;
      assert.deepEqual([scene.openings, scene.end.attempts.length], [[told], 1]);
    });
  }

  it('says when the lab or the kernel is gone by the time that it signs in', async () => {
    scene.connection.entering = Promise.reject(
      new RequestFailure('notFound', 'GET lab', { reason: 'labGone' }),
    );
    await earsOn(scene.make()).closed;
    assert.deepEqual([scene.openings, scene.end.attempts.length], [['notFound labGone'], 0]);
  });
});
