import assert from 'node:assert/strict';
import { HttpAnswer, toHeaders } from '../../../../src/protocol/http/answer';
import { followRedirects } from '../../../../src/protocol/http/redirects';

describe('following redirects', () => {
  /** Follows a scripted chain: each path leads to the next of its list, and to a page when that is used up. */
  const walk = async (
    chain: Readonly<Record<string, readonly string[]>>,
    enough = '/none',
  ): Promise<unknown> => {
    const visits = new Map<string, number>();
    const sent: string[] = [];
    const send = (url: URL): Promise<HttpAnswer> => {
      sent.push(url.href);
      const visit = visits.get(url.pathname) ?? 0;
      visits.set(url.pathname, visit + 1);
      const location = chain[url.pathname]?.[visit];
      const head = toHeaders(location === undefined ? {} : { location });
      const request = `GET ${url.pathname}`;
      return Promise.resolve(
        new HttpAnswer(request, url, location === undefined ? 200 : 302, head, Buffer.of()),
      );
    };
    const rules = {
      isInside: (url: URL) => url.host === 'hub.example',
      isEnough: (answer: HttpAnswer) => answer.url.pathname === enough,
    };
    try {
      return [(await followRedirects(new URL('https://hub.example/a'), send, rules)).url.pathname, sent];
    } catch (error) {
      return [String(error), sent];
    }
  };
  const at = (...paths: readonly string[]): string[] => paths.map((path) => `https://hub.example${path}`);

  it('goes on inside the rules, relative addresses and queries included', async () => {
    const outcome = await walk({ '/a': ['/b?x=1'], '/b': ['https://hub.example/c'] });
    assert.deepEqual(outcome, ['/c', at('/a', '/b?x=1', '/c')]);
  });

  it('stops at an answer that is enough', async () => {
    assert.deepEqual(await walk({ '/a': ['/b'], '/b': ['/c'] }, '/b'), ['/b', at('/a', '/b')]);
  });

  it('asks nothing of the sign-in page, on whatever host it is', async () => {
    const failure = 'RequestFailure: GET /a failed: unauthorized (signInPage)';
    assert.deepEqual(
      [await walk({ '/a': ['/login?rd=x'] }), await walk({ '/a': ['https://data.example/login'] })],
      [
        [failure, at('/a')],
        [failure, at('/a')],
      ],
    );
  });

  it('asks nothing of a place outside the rules', async () => {
    assert.deepEqual(await walk({ '/a': ['/b'], '/b': ['https://elsewhere.example/'] }), [
      'RequestFailure: GET /b failed: protocol (foreignRedirect)',
      at('/a', '/b'),
    ]);
  });

  it('comes back to a page once, as OAuth does', async () => {
    const outcome = await walk({ '/a': ['/authorize'], '/authorize': ['/callback'], '/callback': ['/a'] });
    assert.deepEqual(outcome, ['/a', at('/a', '/authorize', '/callback', '/a')]);
  });

  it('takes a third visit for a loop, counting the first request', async () => {
    assert.deepEqual(await walk({ '/a': ['/a', '/a', '/a', '/a'] }), [
      'RequestFailure: GET /a failed: protocol (redirectLoop)',
      at('/a', '/a'),
    ]);
  });

  it('ends a chain that never comes back', async () => {
    const endless = Object.fromEntries(
      Array.from({ length: 50 }, (_, hop) => [hop === 0 ? '/a' : `/${hop}`, [`/${hop + 1}`]]),
    );
    const [failure, sent] = (await walk(endless)) as [string, string[]];
    assert.deepEqual([failure, sent.length], ['RequestFailure: GET /a failed: protocol (redirectLoop)', 20]);
  });
});
