import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { WayOut } from '../../../../src/protocol/http/wayOut';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { HttpClient } from '../../../../src/protocol/http/httpClient';
import { readEvents } from '../../../../src/protocol/http/sse';
import { never } from '../../../fakes/deferred';
import { RecordingLog } from '../../../fakes/recordingLog';
import { hangUp, ScriptedServer, type Handler } from '../../../fakes/scriptedServer';

describe('HttpClient', () => {
  let server: ScriptedServer;
  let client: HttpClient;
  let log: RecordingLog;
  let handle: Handler;
  beforeEach(async () => {
    handle = () => ({ body: 'hello' });
    server = await ScriptedServer.start((seen, response) => handle(seen, response));
    log = new RecordingLog();
    client = new HttpClient(
      new WayOut({ mayUseProxy: false }, log).createDispatcher(),
      'rsp-notebooks/test',
      log,
    );
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  const url = (path = '/path'): URL => new URL(`http://127.0.0.1:${server.port}${path}`);
  const failed = async (asked: Promise<unknown>): Promise<unknown> => {
    try {
      await asked;
      return 'no failure';
    } catch (error) {
      return error instanceof RequestFailure ? [error.kind, error.reason] : error;
    }
  };

  it('sends what it was given under its own name, and reads the whole answer whatever its status', async () => {
    handle = () => ({ status: 418, headers: { 'x-two': '2' }, body: 'short and stout' });
    const headers = { 'x-one': '1' };
    const answer = await client.exchange(
      { method: 'PUT', url: url('/tea?a=1'), headers, body: 'leaf' },
      never,
    );
    const seen = server.seen[0];
    assert.deepEqual(
      [
        [answer.status, answer.headers.get('x-two'), answer.text(), answer.request],
        [seen?.method, seen?.headers['x-one'], seen?.headers['user-agent'], seen?.body],
      ],
      [
        [418, '2', 'short and stout', 'PUT /tea'],
        ['PUT', '1', 'rsp-notebooks/test', 'leaf'],
      ],
    );
  });

  it('sends no fetch metadata of its own, which would turn on XSRF checks for pages', async () => {
    await client.exchange({ method: 'GET', url: url() }, never);
    const names = Object.keys(server.seen[0]?.headers ?? {});
    assert.deepEqual(
      names.filter((name) => name.startsWith('sec-') || name === 'origin'),
      [],
    );
  });

  it('follows no redirect', async () => {
    handle = () => ({ status: 302, headers: { location: '/elsewhere' } });
    const answer = await client.exchange({ method: 'GET', url: url() }, never);
    assert.deepEqual([answer.redirectsTo?.pathname, server.lines], ['/elsewhere', ['GET /path']]);
  });

  it('logs each request with host, status and time, and without its query', async () => {
    await client.exchange({ method: 'GET', url: url('/path?code=abc') }, never);
    assert.deepEqual(
      log.lines.map((line) => line.replace(/:\d+:/, ':PORT:').replace(/\d+ ms/, 'N ms')),
      ['debug: GET /path on 127.0.0.1:PORT: 200 after N ms'],
    );
  });

  it('calls a connection that breaks cut short, before the answer and within it', async () => {
    handle = hangUp;
    const before = await failed(client.exchange({ method: 'GET', url: url() }, never));
    handle = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
      return undefined;
    };
    const within = await failed(client.exchange({ method: 'GET', url: url() }, never));
    assert.deepEqual(
      [before, within],
      [
        ['network', 'cutShort'],
        ['network', 'cutShort'],
      ],
    );
  });

  it('calls a port where nobody listens a refused connection', async () => {
    const gone = url();
    await server.stop();
    const outcome = await failed(client.exchange({ method: 'GET', url: gone }, never));
    assert.deepEqual(outcome, ['network', 'connectionRefused']);
  });

  it('calls a name that nobody knows an unknown host', async () => {
    const nowhere = new URL('http://nowhere.invalid/');
    assert.deepEqual(await failed(client.exchange({ method: 'GET', url: nowhere }, never)), [
      'network',
      'unknownHost',
    ]);
  });

  it('times out when no answer comes, and when an answer has no end', async () => {
    handle = () => new Promise(() => undefined);
    const none = await failed(client.exchange({ method: 'GET', url: url(), timeoutMs: 40 }, never));
    handle = (_, response) => {
      response.writeHead(200);
      response.write('and then');
      return undefined;
    };
    const endless = await failed(client.exchange({ method: 'GET', url: url(), timeoutMs: 40 }, never));
    assert.deepEqual(
      [none, endless],
      [
        ['timeout', undefined],
        ['timeout', undefined],
      ],
    );
  });

  it('times out on a stream whose next piece does not come', async () => {
    handle = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      return undefined;
    };
    const stream = await client.open({ method: 'GET', url: url(), timeoutMs: 40 }, never);
    const told: string[] = [];
    const reading = (async () => {
      for await (const { data } of readEvents(stream, never)) told.push(data);
    })();
    assert.deepEqual([await failed(reading), told], [['timeout', undefined], ['one']]);
  });

  it('reads no more than it was told to', async () => {
    handle = () => ({ body: 'x'.repeat(2000) });
    const request = { method: 'GET', url: url(), maxBytes: 1000 };
    assert.deepEqual(await failed(client.exchange(request, never)), ['protocol', 'tooLarge']);
  });

  it('ends with the abort when the caller changes their mind', async () => {
    const leaving = new AbortController();
    handle = () => {
      leaving.abort();
      return new Promise(() => undefined);
    };
    const asked = client.exchange({ method: 'GET', url: url() }, leaving.signal);
    await assert.rejects(asked, { name: 'AbortError' });
  });

  it('keeps the bytes of an answer that is no HTTP out of its failure', async () => {
    const garbled = await listen(
      'HTTP/1.1 200 OK\r\nbad header line\r\nset-cookie: session=the-cookie-value\r\n\r\n',
    );
    try {
      const address = new URL(`http://127.0.0.1:${(garbled.address() as AddressInfo).port}/`);
      const failure: unknown = await client
        .exchange({ method: 'GET', url: address }, never)
        .catch((error: unknown) => error);
      const dump = inspect(failure, { depth: 10 });
      assert.deepEqual([/network/.test(dump), /the-cookie-value/.test(dump)], [true, false]);
    } finally {
      garbled.close();
    }
  });
});

/** A server that says the same to everybody, whatever it is. */
function listen(answer: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
