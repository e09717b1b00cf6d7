import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Front } from '../front';
import { ask, open, startEcho, startTestFront, toJson, TOKENS } from './support';

interface Seen {
  readonly url: string;
  readonly headers: Record<string, string | undefined>;
}

describe('handing on to hub and labs', () => {
  let front: Front;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  const nb = 'nb.rsp.localhost';
  before(async () => {
    echo = await startEcho();
    front = await startTestFront({ subdomains: true, hubTarget: echo.url });
  });
  after(async () => {
    await front.stop();
    await echo.stop();
  });
  afterEach(() => {
    front.faults.clear();
  });

  const see = async (headers: Record<string, string>, path = '/nb/hub/home?a=b'): Promise<Seen> => {
    const question = { host: nb, path, headers: { authorization: `Bearer ${TOKENS.vrubin}`, ...headers } };
    return toJson(await ask(front, question)) as Seen;
  };

  it('takes the token out and says who is calling instead, whatever the client claimed', async () => {
    const { url, headers } = await see({ 'x-auth-request-user': 'root', 'x-auth-request-token': 'forged' });
    assert.equal(url, '/nb/hub/home?a=b');
    assert.equal(headers['authorization'], undefined);
    assert.equal(headers['x-auth-request-user'], 'vrubin');
    assert.equal(headers['x-auth-request-email'], 'vera.rubin@rsp.example');
    assert.equal(headers['host'], `${nb}:${front.baseUrl.port}`);
    assert.equal(headers['x-forwarded-proto'], 'http');
    assert.notEqual(headers['x-auth-request-token'], 'forged');
  });

  it('delegates a notebook token: a child with the same scopes that dies with its parent', async () => {
    const { headers } = await see({});
    const child = headers['x-auth-request-token'] ?? '';
    const tokenInfo = { path: '/auth/api/v1/token-info', token: child };
    const info = toJson(await ask(front, tokenInfo)) as Record<string, unknown>;
    assert.deepEqual(
      [info['token_type'], info['parent'], info['scopes']],
      [
        'notebook',
        'vrubin-demo-token-key0',
        ['exec:notebook', 'exec:portal', 'read:image', 'read:tap', 'user:token'],
      ],
    );
    assert.equal((await see({})).headers['x-auth-request-token'], child, 'a child is used again');

    const token = front.mintToken({ username: 'vrubin' });
    const { headers: other } = await see({ authorization: `Bearer ${token}` });
    front.revokeToken(token);
    const after = await ask(front, { ...tokenInfo, token: other['x-auth-request-token'] ?? '' });
    assert.equal(after.status, 401);
  });

  it("takes Gafaelfawr's cookie out and leaves the others", async () => {
    const { headers } = await see({ cookie: '_xsrf=a; gafaelfawr=unknown; jupyterhub-session-id=b' });
    assert.equal(headers['cookie'], '_xsrf=a; jupyterhub-session-id=b');
  });

  it('breaks the signatures of cookies that went stale, and of no others', async () => {
    await see({});
    front.faults.actions.staleCookies('xsrf');
    const cookie = '_xsrf=abcdef123456; jupyterhub-hub-login=login123456; _xsrf=another';
    const { headers } = await see({ cookie });
    assert.equal(headers['cookie'], '_xsrf=abcdefxxxxxx; jupyterhub-hub-login=login123456; _xsrf=another');
  });

  it('is 502 when nothing listens behind it', async () => {
    const alone = await startTestFront({ hubTarget: 'http://127.0.0.1:1' });
    const answer = await ask(alone, { path: '/nb/hub/home', token: TOKENS.vrubin });
    await alone.stop();
    assert.equal(answer.status, 502);
    assert.match(answer.body, /502 Bad Gateway/);
  });

  it('lets the progress stream through, or cuts it after some events', async () => {
    const question = { host: nb, path: '/nb/hub/api/users/vrubin/server/progress', token: TOKENS.vrubin };
    assert.match((await ask(front, question)).body, /"ready": true/);
    front.faults.set('progressStream', { kind: 'cut', afterEvents: 2 });
    const cut = await open(front, question);
    let read = '';
    cut.on('data', (chunk: Buffer) => (read += chunk.toString()));
    await assert.rejects(finished(cut));
    assert.equal(read, 'data: {"progress": 1}\n\ndata: {"progress": 30}\n\n');
  });

  it('leaves the progress stream silent or endless, until the client goes', async () => {
    const question = { host: nb, path: '/nb/hub/api/users/vrubin/server/progress', token: TOKENS.vrubin };
    for (const kind of ['silent', 'endless'] as const) {
      front.faults.set('progressStream', { kind });
      const leave = new AbortController();
      const answer = await open(front, question, leave.signal);
      assert.equal(answer.statusCode, 200);
      if (kind === 'endless') assert.match(String(await once(answer, 'data')), /"progress": 30/);
      leave.abort();
    }
  });

  it('keeps an answer back, and only to what is asked in that way, until it is told to let it through', async () => {
    const path = '/nb/user/vrubin/api/sessions';
    const question = { host: nb, path, token: TOKENS.vrubin };
    front.faults.set('heldAnswers', [{ path, method: 'POST' }]);
    const order: string[] = [];
    const posted = ask(front, { ...question, method: 'POST' }).then(() => order.push('post'));
    for (let turn = 0; turn < 3; turn++) await ask(front, question);
    order.push('gets');
    front.faults.clear('heldAnswers');
    await posted;
    assert.deepEqual(order, ['gets', 'post']);
  });

  describe('WebSockets', () => {
    const upgrade = async (path: string, host: string, headers: string[]): Promise<[Socket, string]> => {
      const socket = connect(Number(front.baseUrl.port), '127.0.0.1');
      const lines = ['upgrade: websocket', 'connection: Upgrade', 'sec-websocket-version: 13', ...headers];
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('\r\n')}\r\n\r\n`);
      let read = '';
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        read += String(chunk);
        if (/hello|<\/html>|^HTTP\/1.1 40/.test(read)) break;
      }
      return [socket, read];
    };
    const lab = 'vrubin.nb.rsp.localhost';
    const bearer = `authorization: Bearer ${TOKENS.vrubin}`;

    it('go through with the identity and without the token, and can be cut', async () => {
      const mark = front.requests.mark();
      const [socket, read] = await upgrade('/nb/user/vrubin/api/kernels/1/channels', lab, [bearer]);
      assert.match(read, /^HTTP\/1.1 101 [^]*hello vrubin undefined$/);
      socket.write('and back');
      assert.equal(String(await once(socket, 'data')), 'and back');
      const [entry] = front.requests.since(mark);
      assert.deepEqual([entry?.status, entry?.upgrade, entry?.username], [101, true, 'vrubin']);

      assert.equal(front.faults.actions.cutSockets('/nb/user/hleavitt'), 0);
      const closed = once(socket, 'close');
      assert.equal(front.faults.actions.cutSockets('/nb/user/vrubin'), 1);
      await closed;
    });

    it('are refused like any request', async () => {
      const path = '/nb/user/vrubin/api/kernels/1/channels';
      const [, anonymous] = await upgrade(path, lab, []);
      assert.match(anonymous, /^HTTP\/1.1 302 Found[^]*location: http:\/\/rsp.localhost/);
      const [, other] = await upgrade(path, 'hleavitt.nb.rsp.localhost', [bearer]);
      assert.match(other, /^HTTP\/1.1 403 Forbidden[^]*Access not allowed for this user/);
    });

    it('say what the lab said when that refuses', async () => {
      const mark = front.requests.mark();
      const [socket, read] = await upgrade('/nb/user/vrubin/refused', lab, [bearer]);
      assert.match(read, /^HTTP\/1.1 403 Forbidden/);
      assert.equal(front.requests.since(mark)[0]?.status, 403);
      socket.destroy();
    });
  });
});
