import assert from 'node:assert/strict';
import { FakeGafaelfawr } from '../../fakes/fakeGafaelfawr';
import { JumpingClock } from '../../fakes/jumpingClock';
import { OTHER_TOKEN as OTHER, TOKEN } from '../../fakes/samples';
import type { Front } from '../front';
import { ask, startTestFront, toJson, TOKENS } from './support';

const API = '/auth/api/v1';

interface Entry {
  readonly token: string;
  readonly action: string;
  readonly token_name?: string;
}

describe('The history of tokens', () => {
  let front: Front;
  let nowMs = 1_800_000_000_000;
  beforeEach(async () => {
    front = await startTestFront({ clock: () => nowMs });
    for (const token_name of ['one', 'two', 'three']) {
      await ask(front, {
        path: `${API}/users/vrubin/tokens`,
        method: 'POST',
        token: TOKENS.vrubin,
        json: { token_name },
      });
      nowMs += 1000;
    }
  });
  afterEach(() => front.stop());

  const history = async (query: string) => {
    const answer = await ask(front, {
      path: `${API}/users/vrubin/token-change-history${query}`,
      token: TOKENS.vrubin,
    });
    const links = new Map<string, string>();
    for (const [, href = '', rel = ''] of String(answer.headers.link).matchAll(/<([^>]*)>; rel="([a-z]+)"/g))
      links.set(rel, new URL(href).search);
    const entries = answer.status === 200 ? (toJson(answer) as Entry[]) : [];
    const names = entries.map((entry) => entry.token_name);
    return { status: answer.status, names, links, total: answer.headers['x-total-count'] };
  };

  it('comes whole without a limit, newest first, and says nothing of pages', async () => {
    const { names, links, total } = await history('');
    assert.deepEqual([names.slice(0, 3), links.size, total], [['three', 'two', 'one'], 0, undefined]);
  });

  it('comes in pages that lead on and back, entries of the same second included', async () => {
    const whole = (await history('')).names;
    const pages = [];
    let query: string | undefined = '?limit=3';
    let last: Awaited<ReturnType<typeof history>> | undefined;
    while (query !== undefined) {
      last = await history(query);
      pages.push(last.names);
      assert.equal(last.total, String(whole.length));
      query = last.links.get('next');
    }
    assert.deepEqual(pages.flat(), whole);
    assert.ok(pages.every((page) => page.length > 0 && page.length <= 3));
    const back = await history(last?.links.get('prev') ?? '');
    assert.deepEqual(back.names, pages.at(-2));
    assert.deepEqual((await history(last?.links.get('first') ?? '')).names, pages[0]);
  });

  it('is narrowed by time and kind, and refuses what it cannot read', async () => {
    const latest = await history(`?since=${nowMs / 1000 - 2}`);
    const sessions = await history('?token_type=session');
    const refused = [];
    for (const query of ['?limit=0', '?cursor=no', '?since=when', '?key=short', '?token_type=odd'])
      refused.push((await history(query)).status);
    assert.deepEqual(
      [latest.names, sessions.names, refused],
      [['three', 'two'], [], [422, 422, 422, 422, 422]],
    );
  });

  it('is not there for names that nobody has and keys that are none', async () => {
    const told = [];
    for (const path of [
      '/users/-/tokens',
      '/users/V%20R/token-change-history',
      '/users/vrubin/tokens/short',
    ]) {
      const answer = await ask(front, { path: API + path, token: TOKENS.vrubin });
      told.push([answer.status, (toJson(answer) as { detail: { type: string }[] }).detail[0]?.type]);
    }
    assert.deepEqual(told, [
      [422, 'string_pattern_mismatch'],
      [422, 'string_pattern_mismatch'],
      [422, 'string_too_short'],
    ]);
  });
});

describe('A token that labs were started with', () => {
  it('takes its children along when it is revoked, and its history tells of them', () => {
    const gafaelfawr = new FakeGafaelfawr('vrubin', TOKEN, new JumpingClock());
    const own = gafaelfawr.change({ scopes: ['user:token'] });
    const lab = gafaelfawr.add({ tokenType: 'notebook', parent: own.token.key });
    const other = gafaelfawr.add({ tokenName: 'other' });
    const ask = (method: string, path: string, secret = TOKEN) =>
      gafaelfawr.answer({
        method,
        host: 'rsp.example',
        path: API + path,
        query: new URLSearchParams(),
        headers: { authorization: `Bearer ${secret}` },
        body: '',
      });
    gafaelfawr.add({ tokenName: 'second', scopes: ['user:token'], token: OTHER });
    const revoked = ask('DELETE', `/users/vrubin/tokens/${own.token.key}`, OTHER);
    const history = ask('GET', `/users/vrubin/tokens/${own.token.key}/change-history`, OTHER)?.json;
    const told = (history as Entry[]).map(({ token, action }) => [token === own.token.key, action]);
    const known = (text: string) => gafaelfawr.store.find(text) !== undefined;
    assert.deepEqual(
      [revoked?.status, known(TOKEN), known(lab.reveal()), known(other.reveal()), told],
      [
        204,
        false,
        false,
        true,
        [
          [true, 'revoke'],
          [false, 'revoke'],
          [false, 'create'],
          [true, 'edit'],
          [true, 'create'],
        ],
      ],
    );
  });
});
