import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';

import { Secret } from '../../../../src/common/secret';
import { mannersOf } from '../../../../src/domain/personality/manners';
import { shortfallDays } from '../../../../src/domain/accounts/shortfall';
import { toChoice } from '../../../../src/domain/lab/labMenu';
import { toProblem } from '../../../../src/domain/problems/problems';
import { remediesOf } from '../../../../src/domain/problems/remedies';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import { servicesRow } from '../../../../src/domain/rows/servicesRow';
import { newTokenPage } from '../../../../src/domain/sites/site';
import { TOKENS } from '../../spec/support';
import { claim } from './claims';
import { type FaultScene, problemOf, type Visit } from './scene';
import { menuOf, rspOf } from '../../../fakes/samples';

const never = new AbortController().signal;
const USER = 'vrubin';

/** Claims about tokens, people and what a site offers; no lab is needed for them. */
export function accountClaims(scene: () => FaultScene): void {
  it(claim('pastedToken'), async () => {
    const mark = scene().platform.requests.mark();
    const { account } = await scene().visit(USER);
    const paths = scene()
      .asked(mark)
      .map(({ path }) => path);
    deepEqual(
      [account.username, [...new Set(paths)].sort()],
      [USER, ['/auth/api/v1/token-info', '/auth/api/v1/user-info', '/repertoire/discovery']],
    );
  });

  it(claim('signInPage'), async () => {
    const { platform } = scene();
    const token = platform.mintToken({ username: USER, scopes: ['exec:notebook'] });
    const { person, account, desk } = await scene().visit(USER, { token });
    platform.faults.set('ajaxRedirects', true);
    platform.revokeToken(token);
    const mark = platform.requests.mark();
    const state = await desk.lab.refresh(never);
    const redirects = scene()
      .asked(mark)
      .filter(({ redirectsTo }) => redirectsTo?.endsWith('/login'));
    deepEqual(
      [state.kind === 'unknown' && state.problem?.kind, person.isRefused(account), redirects.length > 0],
      ['tokenUnknown', true, true],
    );
    deepEqual(
      [
        scene()
          .asked(mark)
          .filter(({ path }) => path === '/login'),
        platform.leaks,
      ],
      [[], []],
    );
  });

  it(claim('namedScope'), async () => {
    const { desk } = await scene().visit(USER);
    scene().platform.faults.set('scopeMissing', ['exec:notebook']);
    const state = await desk.lab.refresh(never);
    const problem = state.kind === 'unknown' ? state.problem : undefined;
    ok(problem);
    const { name: siteName } = desk.account.site;
    deepEqual(problem, { kind: 'scopeMissing', siteName, scopes: ['exec:notebook'] });
    deepEqual([remediesOf(problem), /exec:notebook/.test(sentenceOf(problem))], [['newToken'], true]);
  });

  it(claim('shortToken'), async () => {
    const { person, account } = await scene().visit(USER, { token: TOKENS.oneHour });
    const link = person.protocol.link(account.site, USER, () => account.token);
    const page = { method: 'GET', path: 'hub/spawn', mode: 'page' } as const;
    const refused = await link.connection.hub(page, never).catch((error: unknown) => error);
    const state = await person.deskOf(account).lab.refresh(never); // nothing else wants more of it
    link.close();
    const problem = toProblem(refused, account.site);
    ok((shortfallDays(account, Date.now()) ?? 0) > 0);
    deepEqual([problem.kind, remediesOf(problem), state.kind], ['tokenTooShort', ['newToken'], 'none']);
  });

  it(claim('formOfImages'), async () => {
    const { desk } = await scene().visit(USER);
    const mark = scene().platform.requests.mark();
    const { images, sizes } = menuOf(await desk.lab.fetchMenu(never));
    deepEqual(
      [
        images.length > 3,
        images.some(({ name }) => name.includes('Weekly 2026_30')),
        sizes.map(({ value }) => value),
      ],
      [true, true, ['small', 'medium', 'large']],
    );
    deepEqual(
      scene()
        .asked(mark)
        .map(({ path }) => path),
      [`/nublado/spawner/v1/lab-form/${USER}`],
    );
  });

  it(claim('unavailableForm'), async () => {
    const { desk } = await scene().visit(USER);
    scene().platform.faults.set('labFormUnavailable', true);
    const mark = scene().platform.requests.mark();
    const problem = await problemOf(desk.lab.fetchMenu(never));
    deepEqual([problem, scene().asked(mark).at(-1)?.status], ['notebooksUnavailable', 200]);
  });

  it(claim('noNewLabs'), async () => {
    const { images, sizes } = menuOf(await (await scene().visit(USER)).desk.lab.fetchMenu(never));
    const [[image], [size]] = [images, sizes];
    ok(image && size);
    const { desk, ...visit } = await scene().visit('cpayne');
    const { quota } = await userInfoOf({ desk, ...visit });
    const offered = await problemOf(desk.lab.fetchMenu(never));
    const forced = await problemOf(desk.lab.start(toChoice(image, size), never));
    deepEqual(
      [quota?.notebook?.maySpawn, offered, forced, remediesOf({ kind: 'spawnForbidden', siteName: '' })],
      [false, 'notebooksUnavailable', 'spawnForbidden', ['openSupport']],
    );
  });

  it(claim('missingQuota'), async () => {
    const quotas = await Promise.all(
      ['jbell', 'acannon', 'hleavitt'].map(
        async (name) => (await userInfoOf(await scene().visit(name))).quota,
      ),
    );
    const [none, empty, small] = quotas;
    deepEqual(
      [none, empty?.notebook, empty?.apiPerMinute, small?.apiPerMinute['hips'], small?.apiPerMinute['sia']],
      [undefined, undefined, {}, 0, undefined],
    );
  });

  it(claim('rateLimit'), async () => {
    const { desk } = await scene().visit(USER);
    scene().platform.faults.set('rateLimited', [{ path: '/auth/api/v1/user-info', retryAfterSeconds: 20 }]);
    await desk.overview.refresh(never);
    const { user } = desk.overview.facts;
    const problem = user.kind === 'problem' ? user.problem : undefined;
    ok(problem?.kind === 'busy');
    const waitMs = problem.retryAfterMs ?? 0;
    ok(waitMs > 15_000 && waitMs <= 21_000, String(waitMs));
    match(sentenceOf(problem), /Try again in \d\d s/);
  });

  it(claim('maintenance'), async () => {
    const { faults } = scene().platform;
    const { person, account, desk } = await scene().visit(USER);
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      await desk.overview.refresh(never);
      const { user, lab } = desk.overview.facts;
      seen.push([user.kind === 'problem' && user.problem.kind, lab.kind === 'unknown' && lab.problem?.kind]);
    };
    faults.set('userInfoFails', true);
    await look();
    faults.clear();
    for (const status of [502, 503, 504] as const) {
      faults.set('gatewayErrors', [{ path: /^\/(auth|nb)\//, status }]);
      await look();
    }
    faults.clear();
    await look();
    deepEqual(
      [seen, person.isRefused(account)],
      [[...Array<unknown>(4).fill(['siteDown', 'siteDown']), [false, false]], false],
    );
  });

  it(claim('webdav'), async () => {
    const { account, desk } = await scene().visit(USER);
    const mark = scene().platform.requests.mark();
    await desk.overview.refresh(never);
    const row = servicesRow(account.id, desk.overview.facts.discovery);
    const files = row.children?.find(({ id }) => id.endsWith('/webdav'));
    match(JSON.stringify(files), /where the site has it switched on/);
    deepEqual(
      scene()
        .asked(mark)
        .filter(({ path }) => path.startsWith('/files')),
      [],
    );
  });

  it(claim('tokenPage'), async () => {
    const site = rspOf((await scene().visit(USER)).account.site);
    const page = newTokenPage(site, 'my laptop', mannersOf({ kind: 'rsp' }).recommendedScopes);
    ok(page);
    const checked = async (without: string): Promise<unknown> => {
      const url = new URL(page);
      if (without) url.searchParams.delete(without);
      const html = await (await fetch(url)).text();
      const boxes = [...html.matchAll(/name="scope" value="([^"]+)" checked/g)].map(([, scope]) => scope);
      return [boxes.sort(), html.includes('value="my laptop"'), html.includes('value="90d" selected')];
    };
    const wished = [[...mannersOf({ kind: 'rsp' }).recommendedScopes].sort(), true, true];
    deepEqual([await checked(''), await checked('scope'), await checked('scopes')], [wished, wished, wished]);
  });

  it(claim('otherPerson'), async () => {
    const { person, account } = await scene().visit(USER);
    const { site } = account;
    const link = person.protocol.link(site, 'jbell', () => account.token);
    const url = link.connection.toLabUrl('/nb/user/jbell/');
    url.hostname = `jbell.${url.hostname}`;
    const refused = await link.connection
      .enterLab({ url, startedAt: 'once' }, never)
      .catch((error: unknown) => error);
    link.close();
    const problem = toProblem(refused, site);
    deepEqual([problem.kind, remediesOf(problem).includes('newToken')], ['wrongUser', false]);
    match(sentenceOf(problem), /More scopes would not help/);
  });

  it(claim('otherAddress'), async () => {
    const { person, account } = await scene().visit(USER);
    const link = person.protocol.link(account.site, USER, () => account.token);
    const { connection } = link;
    const { port, hostname } = account.site.hubUrl;
    const others = [
      `http://jbell.${hostname}:${port}/nb/user/jbell/`,
      `http://elsewhere.localhost:${port}/nb/user/${USER}/`,
      `http://${USER}.${hostname}:1/nb/user/${USER}/`,
    ];
    const mark = scene().platform.requests.mark();
    for (const other of others) {
      throws(() => connection.toLabUrl(other), { reason: 'foreignRedirect' });
      throws(() => connection.socketHeaders(new URL(other)), { reason: 'foreignRedirect' });
      const url = new URL('api/status', other);
      const refused = await connection.lab({ method: 'GET', url }, never).catch((error: unknown) => error);
      match(String(refused), /foreignRedirect/);
    }
    link.close();
    const hosts = new Set(
      scene()
        .asked(mark)
        .map(({ host }) => host),
    );
    hosts.delete(account.site.hubUrl.host);
    deepEqual([...hosts], []);
  });

  it(claim('foreignRedirect'), async () => {
    const { platform } = scene();
    const { desk } = await scene().visit(USER);
    platform.faults.set('redirectAway', [{ path: '/nb/hub/home' }]);
    const mark = platform.requests.mark();
    const state = await desk.lab.refresh(never);
    equal(state.kind === 'unknown' && state.problem?.kind, 'strangeRedirect');
    const there = platform.requests.since(mark).filter(({ host }) => host.startsWith('elsewhere'));
    deepEqual([there, platform.leaks], [[], []]);
  });
}

function userInfoOf({ person, account }: Visit) {
  const gafaelfawr = person.protocol.gafaelfawr(rspOf(account.site).gafaelfawrUrl);
  return gafaelfawr.fetchUserInfo(new Secret(account.token.reveal()), never);
}
