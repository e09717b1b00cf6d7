import assert from 'node:assert/strict';
import { KernelReach } from '../../../../src/domain/lab/kernelReach';
import { RequestFailure, type FailureFacts, type FailureKind } from '../../../../src/protocol/http/failures';
import { HeldClock } from '../../../fakes/heldClock';

const REQUEST = 'GET /nb/user/v/api/kernels/one/channels';

describe('kernels that cannot be reached', () => {
  let clock: HeldClock;
  let reach: KernelReach;
  let told: string[];
  /** Labs that still run, by when they were started. */
  let labs: string[];
  beforeEach(() => {
    [clock, told, labs] = [new HeldClock(), [], ['today']];
    const site = { host: 'lab.example', name: 'Example' };
    reach = new KernelReach(site, clock, (startedAt) => Promise.resolve(labs.includes(startedAt)));
    reach.onDidMiss((problem) => told.push(problem.kind));
  });
  afterEach(() => reach.dispose());

  const opens = (kernelId = 'one', labStartedAt = 'today'): Promise<void> =>
    reach.heard({ kind: 'reached', kernelId, labStartedAt });
  const fails = (kind: FailureKind, facts: FailureFacts = {}, kernelId = 'one'): void =>
    void reach.heard({ kind: 'missed', kernelId, failure: new RequestFailure(kind, REQUEST, facts) });
  const answers = (status: number, path = 'api/kernels'): Promise<void> =>
    reach.answered(new URL(`https://lab.example/nb/user/v/${path}`), status);
  const pass = (seconds: number): Promise<void> => clock.pass(seconds * 1000);

  it('are told once, by what keeps them away, when two minutes have not brought them back', async () => {
    fails('network');
    await pass(60);
    fails('timeout');
    await pass(59);
    const early = [...told];
    await pass(1);
    fails('network');
    await pass(3600);
    assert.deepEqual([early, told], [[], ['connectionCut']]);
  });

  it('are told of soon when the lab answers requests: something does not let their connections through', async () => {
    fails('server', { status: 502 });
    await pass(10);
    await answers(200);
    await pass(20);
    assert.deepEqual(told, ['socketsBlocked']);
  });

  it('are told of by the sign-in that was not kept, though the lab answers', async () => {
    fails('forbidden', { reason: 'cookiesStale' });
    await pass(10);
    await answers(200);
    await pass(20);
    assert.deepEqual(told, ['signInNotKept']);
  });

  it('are told of at once when waiting does not help', async () => {
    for (const reason of ['certificate', 'proxySignIn', 'proxyRefuses', 'proxyCertificate'] as const) {
      await opens();
      fails('network', { reason, proxy: reason === 'certificate' ? undefined : 'proxy.example:3128' });
      await pass(0);
    }
    await opens();
    fails('forbidden', { reason: 'scopeMissing', missingScopes: ['exec:notebook'] });
    await pass(0);
    assert.deepEqual(told, [
      'certificate',
      'proxySignIn',
      'proxyRefuses',
      'proxyCertificate',
      'scopeMissing',
    ]);
  });

  it('are nobody’s business when a connection opens in time, and are told again after one has', async () => {
    fails('network');
    await pass(100);
    await opens();
    await pass(3600);
    const early = [...told];
    for (let time = 0; time < 2; time++) {
      fails('network');
      await pass(30);
      await pass(90);
      await opens();
    }
    assert.deepEqual([early, told], [[], ['connectionCut', 'connectionCut']]);
  });

  it('are left to those who know when the lab has ended or the token is dead', async () => {
    fails('notFound', { reason: 'labGone', status: 424 });
    fails('unauthorized', { reason: 'tokenInvalid' });
    await pass(30);
    await pass(3600);
    assert.deepEqual(told, []);
  });

  it('are gone when the lab that they were in does not know them any more, each of them once', async () => {
    for (const kernel of ['one', 'two']) await opens(kernel);
    for (const kernel of ['one', 'one', 'two']) {
      fails('server', { status: 500 }, kernel); // as labs answer who wants to open one that is gone
      await answers(404, `api/kernels/${kernel}`);
      await answers(200);
    }
    await pass(30);
    await pass(90);
    assert.deepEqual(told, ['kernelGone', 'kernelGone']);
  });

  it('are not missed when they were ended from here, never reached from here, or their lab has ended', async () => {
    await opens('ended');
    await reach.heard({ kind: 'ended', kernelId: 'ended' });
    await opens('old', 'yesterday');
    for (const kernel of ['ended', 'old', 'never']) {
      fails('server', { status: 500 }, kernel);
      await answers(404, `api/kernels/${kernel}`);
      await answers(200);
    }
    await answers(404, 'api/sessions/one');
    await pass(30);
    await pass(90);
    assert.deepEqual(told, []);
  });

  it('are missed again when they were started anew from here', async () => {
    await reach.heard({ kind: 'ended', kernelId: 'one' });
    await opens();
    await answers(404, 'api/kernels/one');
    await pass(0);
    assert.deepEqual(told, ['kernelGone']);
  });
});
