import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { HttpStream, toHeaders } from '../../../../src/protocol/http/answer';
import { readEvents } from '../../../../src/protocol/http/sse';
import { never } from '../../../fakes/deferred';

describe('an event stream', () => {
  const streamOf = (body: Readable, type = 'text/event-stream; charset=utf-8'): HttpStream => {
    const url = new URL('https://hub.example/progress');
    return new HttpStream('GET /progress', url, 200, toHeaders({ 'content-type': type }), body);
  };
  const read = async (stream: HttpStream, signal = never): Promise<readonly string[]> => {
    const told: string[] = [];
    try {
      for await (const event of readEvents(stream, signal)) told.push(event.data);
      return [...told, 'end'];
    } catch (error) {
      return [...told, String(error)];
    }
  };
  const bytes = (...pieces: readonly (string | Uint8Array)[]): Readable =>
    Readable.from(pieces.map((piece) => Buffer.from(piece)));
  /** A body that breaks after some pieces. */
  const broken = (error: Error, ...pieces: readonly string[]): Readable =>
    Readable.from(
      (function* () {
        for (const piece of pieces) yield Buffer.from(piece);
        throw error;
      })(),
    );

  it('tells each event, with blank keepalives, comments and line ends of all kinds in between', async () => {
    const body = bytes('\n\n', 'data: one\r\n\r\n', ': still here\n\n', 'data: two\ndata: more\n\n\n');
    assert.deepEqual(await read(streamOf(body)), ['one', 'two\nmore', 'end']);
  });

  it('joins events and letters that arrive in pieces', async () => {
    const [first, second] = [Buffer.from('data: é').subarray(0, 7), Buffer.from('data: é').subarray(7)];
    assert.deepEqual(await read(streamOf(bytes(first, second, '!\n', '\nda', 'ta: b\n\n'))), [
      'é!',
      'b',
      'end',
    ]);
  });

  it('ends lines with one sign or two, also when the two come in two pieces', async () => {
    const body = bytes('data: one\r', '\r', ': and\r', '\ndata: two\r\n\r', '\n', 'data: three\r\r');
    assert.deepEqual(await read(streamOf(body)), ['one', 'two', 'three', 'end']);
  });

  it('leaves out an event that was cut off before its end', async () => {
    assert.deepEqual(await read(streamOf(bytes('data: whole\n\ndata: hal'))), ['whole', 'end']);
  });

  it('is cut short when the connection breaks', async () => {
    const body = broken(new Error('socket hang up'), 'data: one\n\n');
    assert.deepEqual(await read(streamOf(body)), [
      'one',
      'RequestFailure: GET /progress failed: network (cutShort)',
    ]);
  });

  it('times out when nothing more comes', async () => {
    const silent = Object.assign(new Error('Body Timeout Error'), { name: 'BodyTimeoutError' });
    assert.deepEqual(await read(streamOf(broken(silent, 'data: one\n\n'))), [
      'one',
      'RequestFailure: GET /progress failed: timeout',
    ]);
  });

  it('gives up on a single event without an end', async () => {
    let sent = 0;
    const piece = Buffer.from('x'.repeat(64 * 1024));
    const endless = Readable.from(
      (function* () {
        for (yield Buffer.from('data: '); ; sent++) yield piece;
      })(),
    );
    const outcome = await read(streamOf(endless));
    assert.deepEqual(
      [outcome, sent < 64, endless.destroyed],
      [['RequestFailure: GET /progress failed: protocol (tooLarge)'], true, true],
    );
  });

  it('goes on through more bytes than one event may have, as long as events end', async () => {
    const body = bytes(...Array<string>(40).fill(`data: ${'x'.repeat(64 * 1024)}\n\n`));
    assert.equal((await read(streamOf(body))).length, 41);
  });

  it('is no stream when the server says that it is something else', async () => {
    const body = bytes('<html>');
    const outcome = await read(streamOf(body, 'text/html'));
    assert.deepEqual(
      [outcome, body.destroyed],
      [['RequestFailure: GET /progress failed: protocol (unexpectedShape)'], true],
    );
  });

  it('gives the connection back when the reader leaves', async () => {
    const body = bytes('data: one\n\n', 'data: two\n\n');
    for await (const event of readEvents(streamOf(body), never)) if (event.data === 'one') break;
    assert.equal(body.destroyed, true);
  });

  it('ends with the abort, not with a failure, when the reader changes their mind', async () => {
    const leaving = new AbortController();
    leaving.abort();
    const body = broken(new Error('aborted'), 'data: one\n\n');
    const outcome = await read(streamOf(body), leaving.signal);
    assert.deepEqual(outcome, ['one', 'AbortError: This operation was aborted']);
  });
});
