import assert from 'node:assert/strict';
import { Secret } from '../../../src/common/secret';
import { deferred, never, type Deferred } from '../../fakes/deferred';
import { FakeKernel } from '../../fakes/fakeKernel';
import { FakeRsp, type RspLink } from '../../fakes/fakeRsp';

describe("one person's way to the servers of a site, closed at the sign-out", () => {
  let rsp: FakeRsp;
  let link: RspLink;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    link = rsp.link();
    await link.connection.enterLab(rsp.labAddress, never);
  });
  afterEach(() => rsp.stop());

  const isAbort = { name: 'AbortError' };
  const status = (): string => new URL('api/status', rsp.labUrl).href;
  /** An answer that never comes; resolves when it was asked for. */
  const withhold = (route: string): Deferred<void> => {
    const asked = deferred();
    rsp.answer(route, () => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    return asked;
  };

  it('ends what is under way at hub, controller and lab', async () => {
    const routes = [
      `GET ${rsp.user()}`,
      'GET /nublado/spawner/v1/user-status',
      'GET /nb/user/vrubin/api/status',
    ];
    const asked = routes.map((route) => withhold(route).promise);
    const answers = [link.hub.fetchUser(never), link.nublado.fetchUserStatus(never), link.fetch(status())];
    await Promise.all(asked);
    link.close();
    for (const answer of answers) await assert.rejects(answer, isAbort);
  });

  it('ends a stream that is read', async () => {
    rsp.answer(`GET ${rsp.user('/server/progress')}`, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"progress": 10, "message": "Pulling"}\n\n');
      return undefined;
    });
    const events = link.hub.watchProgress(never);
    const first = await events.next();
    link.close();
    await assert.rejects(events.next());
    assert.deepEqual(first.value, { kind: 'step', percent: 10, message: 'Pulling' });
  });

  it('sends nothing later, least of all a sign-out to the hub, whose page for it stops labs', async () => {
    const before = rsp.server.seen.length;
    link.close();
    link.close();
    for (const asked of [
      link.hub.fetchUser(never),
      link.fetchSessions(rsp.labUrl),
      link.connection.enterLab(rsp.labAddress, never),
    ])
      await assert.rejects(asked);
    assert.equal(rsp.server.seen.length, before);
  });

  it('forgets the cookies of hub and lab', () => {
    link.close();
    const socket = new URL('api/kernels/1/channels', rsp.labUrl.href.replace('http', 'ws'));
    assert.throws(() => link.connection.socketHeaders(socket));
  });

  it('leaves other people and later sign-ins alone', async () => {
    const protocol = rsp.protocol();
    const token = new Secret(rsp.token);
    const [one, other] = [rsp, rsp].map((site) => protocol.link(site, rsp.username, () => token));
    one?.close();
    assert.deepEqual(await other?.hub.fetchUser(never), {
      name: rsp.username,
      server: undefined,
      servers: new Map(),
    });
  });

  it('leaves kernels in peace that are started anew through it, by a client or by us', async () => {
    const kernels = [new FakeKernel('one'), new FakeKernel('two'), new FakeKernel('three')] as const;
    const [one, two, three] = kernels;
    for (const kernel of kernels) link.work.opened(kernel);
    for (const { id } of [one, two])
      rsp.answer(`POST /nb/user/vrubin/api/kernels/${id}/restart`, { status: 200, body: '{}' });
    await link.fetch(new URL('api/kernels/one/restart', rsp.labUrl), { method: 'POST' });
    await link.lab.restartKernel(rsp.labUrl, 'two', never);
    assert.deepEqual([one.isUp, two.isUp, three.isUp], [false, false, true]);
  });
});
