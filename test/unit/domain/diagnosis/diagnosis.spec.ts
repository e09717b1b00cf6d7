import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { Account } from '../../../../src/domain/accounts/account';
import { diagnose, type Finding } from '../../../../src/domain/diagnosis/diagnosis';
import type { NetworkSettings } from '../../../../src/protocol/http/proxyChoice';
import { ConnectProxy } from '../../../fakes/connectProxy';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../../fakes/samples';

describe('a diagnosis', () => {
  let rsp: FakeRsp;
  let account: Account;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    rsp.answer('GET /repertoire/discovery', { json: {} });
    rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
    const { baseUrl, hubUrl, controllerUrl, gafaelfawrUrl, username } = rsp;
    const site = { ...sampleSite(baseUrl.href, 'example'), hubUrl, controllerUrl, gafaelfawrUrl };
    account = sampleAccount({ site, username, token: new Secret(rsp.token) });
  });
  afterEach(() => rsp.stop());

  const find = async (
    of = account,
    signal = never,
    network?: NetworkSettings,
  ): Promise<readonly Finding[]> => {
    const findings: Finding[] = [];
    const protocol = rsp.protocol(undefined, network && { network });
    for await (const finding of diagnose(of, protocol, signal)) findings.push(finding);
    return findings;
  };
  const behind = ({ name }: ConnectProxy): NetworkSettings => ({
    resolveProxy: () => Promise.resolve(`http://vera:canary@${name}`),
  });
  const verdicts = (findings: readonly Finding[]): Readonly<Record<string, string>> =>
    Object.fromEntries(findings.map(({ layer, verdict }) => [layer, verdict]));

  it('tries every layer in the order of a request, and neither starts nor stops anything', async () => {
    const findings = await find();
    assert.deepEqual(verdicts(findings), {
      proxy: 'good',
      name: 'good',
      certificate: 'good',
      discovery: 'good',
      token: 'good',
      scopes: 'good',
      life: 'good',
      hub: 'good',
      xsrf: 'good',
      images: 'good',
      lab: 'skipped',
      socket: 'skipped',
    });
    assert.deepEqual(
      rsp.server.seen.filter(({ method }) => method !== 'GET'),
      [],
    );
  });

  it('says through which proxy it goes, and when that does not let through, but never a password', async () => {
    const [open, closed] = [await ConnectProxy.start(), await ConnectProxy.start({ status: 403 })];
    const [direct] = await find();
    const [through, ...good] = await find(account, never, behind(open));
    const [refused, ...untried] = await find(account, never, behind(closed));
    const { host } = account.site;
    const [openName, closedName] = [open.name, closed.name];
    await Promise.all([open.stop(), closed.stop()]);
    assert.deepEqual(
      [direct?.sentence, through?.sentence, refused?.verdict, refused?.sentence.split('. ')[0]],
      [
        `No proxy is in the way to ${host}.`,
        `${host} is reached through the proxy ${openName}, named by the operating system.`,
        'broken',
        `The proxy ${closedName} does not lead to ${host} (status 403)`,
      ],
    );
    assert.deepEqual(
      [good, untried].map((all) => new Set(all.slice(0, 3).map(({ verdict }) => verdict))),
      [new Set(['good']), new Set(['skipped'])],
    );
  });

  it('goes into a lab that runs, and says when no socket comes through', async () => {
    rsp.lab = rsp.readyLab;
    const findings = await find();
    // The fake lets no socket in, as a proxy does that knows only requests.
    assert.deepEqual(
      findings.slice(-2).map(({ layer, verdict }) => [layer, verdict]),
      [
        ['lab', 'good'],
        ['socket', 'broken'],
      ],
    );
  });

  it('does not go on behind a layer that everything else needs', async () => {
    const findings = await find({ ...account, token: new Secret(OTHER_TOKEN) });
    assert.deepEqual(verdicts(findings), {
      proxy: 'good',
      name: 'good',
      certificate: 'good',
      discovery: 'good',
      token: 'broken',
      scopes: 'skipped',
      life: 'skipped',
      hub: 'skipped',
      xsrf: 'skipped',
      images: 'skipped',
      lab: 'skipped',
      socket: 'skipped',
    });
    assert.match(findings[4]?.sentence ?? '', /does not accept this token/);
  });

  it('tells a site that cannot be reached from one that only does not tell its services', async () => {
    rsp.answer('GET /repertoire/discovery', { status: 404, body: 'none' });
    const untold = await find();
    const site = { ...account.site, baseUrl: new URL('http://127.0.0.1:1/'), host: '127.0.0.1:1' };
    const unreachable = await find({ ...account, site });
    assert.deepEqual(
      [verdicts(untold)['discovery'], verdicts(untold)['hub'], verdicts(unreachable)['name']],
      ['warning', 'good', 'broken'],
    );
  });

  it('says in words what the token does not allow, and that it is too short for a lab', async () => {
    const findings = await find({
      ...account,
      scopes: ['exec:notebook'],
      tokenExpires: new Date(Date.now() + 3 * 86_400_000),
    });
    const [scopes, life] = findings.slice(5, 7);
    assert.match(scopes?.sentence ?? '', /It does not allow you to query catalogs from the lab/);
    assert.deepEqual([life?.verdict, scopes?.verdict], ['warning', 'good']);
  });

  it('ends when somebody leaves', async () => {
    const leaving = new AbortController();
    rsp.answer('GET /auth/api/v1/token-info', () => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    await assert.rejects(find(account, leaving.signal), { name: 'AbortError' });
  });
});
