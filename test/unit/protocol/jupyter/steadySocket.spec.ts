import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { writeMessage } from '../../../../src/protocol/jupyter/kernelMessage';
import { settle } from '../../../fakes/deferred';
import { earsOn, SocketScene } from '../../../fakes/socketScene';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('a socket to a kernel stays through what happens to its connection', () => {
  let scene: SocketScene;
  beforeEach(async () => {
    scene = await SocketScene.open();
  });
  afterEach(() => scene.stop());

  const request = (id: string): Buffer =>
    writeMessage(
      {
        channel: 'shell',
        header: { msg_id: id, msg_type: 'execute_request' },
        parentHeader: {},
        content: {},
      },
      'v1',
    ).data;
  const texts = (): string[] => scene.end.messages.map(({ socket, data }) => `${socket} ${data.toString()}`);

  describe('while nothing is said', () => {
    it('is never silent for so long that a proxy with a limit of 50 s cuts it', async () => {
      await scene.open();
      let heardMs = scene.clock.nowMs();
      let longestMs = 0;
      scene.end.sockets[0]?.on('ping', () => {
        longestMs = Math.max(longestMs, scene.clock.nowMs() - heardMs);
        heardMs = scene.clock.nowMs();
      });
      await scene.live(10 * MINUTE_MS);
      assert.ok(
        scene.clock.nowMs() - heardMs < 40_000 && longestMs > 0 && longestMs < 40_000,
        `${longestMs} ms`,
      );
    });

    it('sends nothing for its own sake while the lab pings', async () => {
      await scene.open();
      const [theirs] = scene.end.sockets;
      let pings = 0;
      theirs?.on('ping', () => pings++);
      for (let turn = 0; turn < 20; turn++) {
        theirs?.ping();
        await scene.live(10_000);
      }
      assert.equal(pings, 0);
    });

    it('is given up when the lab is gone without a word, so that the client comes back', async () => {
      const { heard, closed } = earsOn(await scene.open());
      scene.end.sockets[0]?.pause();
      for (let second = 0; second <= 60; second += 5) await scene.clock.pass(5000);
      await closed;
      assert.deepEqual(
        [heard, scene.openings],
        [[`error GET ${scene.end.url.pathname} failed: timeout`, 'close 1006'], [undefined]],
      );
    });

    it('is kept when an answer was only read late, as by a program that was busy', async () => {
      const socket = await scene.open();
      await scene.clock.pass(30_000);
      // The answer is on its way, and both of these pass before it can be read.
      scene.clock.advance(MINUTE_MS);
      await scene.clock.pass(0);
      for (let turn = 0; turn < 10; turn++) await settle();
      await scene.live(MINUTE_MS);
      assert.equal(socket.readyState, socket.OPEN);
    });
  });

  describe('after the sleep of a computer', () => {
    it('holds what is sent until the lab shows that it is there', async () => {
      const socket = await scene.open();
      scene.clock.advance(HOUR_MS / 2);
      socket.send(Buffer.from('one'));
      socket.send(Buffer.from('two'));
      const held = socket.bufferedAmount;
      await scene.end.until(() => scene.end.messages.length === 2);
      assert.deepEqual([held, texts(), socket.bufferedAmount], [6, ['0 one', '0 two'], 0]);
    });

    it('leaves what was not sent to the next socket, and sends nothing twice', async () => {
      const socket = await scene.open();
      const { closed } = earsOn(socket);
      scene.end.sockets[0]?.pause();
      scene.clock.advance(HOUR_MS / 2);
      socket.send(Buffer.from('one'));
      socket.send('two');
      for (let step = 0; step < 2; step++) await scene.clock.pass(7500);
      await closed;
      scene.end.sockets[0]?.resume();
      const next = await scene.open();
      next.send(Buffer.from('three'));
      await scene.end.until(() => scene.end.messages.length === 3);
      assert.deepEqual(texts(), ['1 one', '1 two', '1 three']);
    });

    it('leaves nothing that a client no longer wants', async () => {
      const socket = await scene.open();
      scene.end.sockets[0]?.pause();
      scene.clock.advance(HOUR_MS / 2);
      socket.send(Buffer.from('one'));
      socket.close();
      await once(socket, 'close', { signal: AbortSignal.timeout(5000) });
      (await scene.open()).send(Buffer.from('two'));
      await scene.end.until(() => scene.end.messages.length === 1);
      assert.deepEqual(texts(), ['1 two']);
    });
  });

  describe('when nobody uses the kernel for an hour', () => {
    async function rest(socket: WebSocket): Promise<void> {
      const [theirs] = scene.end.sockets;
      assert.ok(theirs);
      const gone = once(theirs, 'close');
      await scene.clock.pass(HOUR_MS);
      await gone;
      assert.equal(socket.readyState, socket.OPEN);
    }

    it('lets the connection go unnoticed, and takes it up again with the next message', async () => {
      const socket = await scene.open();
      const { heard } = earsOn(socket);
      await rest(socket);
      await settle();
      assert.deepEqual([heard, scene.end.connections], [[], 0]);
      scene.connection.cookie = 'later=1';
      socket.send(Buffer.from('one'));
      socket.send(Buffer.from('two'));
      await scene.end.until(() => scene.end.messages.length === 2);
      const answered = once(socket, 'message');
      scene.end.sockets[1]?.send(Buffer.from('answer'));
      await answered;
      assert.deepEqual(
        [texts(), heard, scene.end.attempts.map(({ headers }) => headers.cookie)],
        [['1 one', '1 two'], ['bytes answer'], ['old=1', 'later=1']],
      );
    });

    it('never leaves a kernel that runs a cell, however silent', async () => {
      const socket = await scene.open();
      socket.send(request('long'));
      await scene.end.until(() => scene.end.messages.length === 1);
      await scene.live(3 * HOUR_MS);
      assert.deepEqual([scene.end.attempts.length, scene.end.sockets[0]?.readyState], [1, socket.OPEN]);
    });

    it('counts the hour from the last message, in either direction', async () => {
      const socket = await scene.open();
      for (let turn = 0; turn < 3; turn++) {
        await scene.clock.pass(HOUR_MS / 2);
        const arrived = once(socket, 'message');
        scene.end.sockets[0]?.send(Buffer.from('output'));
        await arrived;
      }
      assert.equal(scene.end.sockets[0]?.readyState, socket.OPEN);
    });

    it('leaves what was sent to the next socket when the lab is not there any more', async () => {
      const socket = await scene.open();
      const { heard, closed } = earsOn(socket);
      await rest(socket);
      scene.end.welcomes[0] = { status: 502 };
      socket.send(Buffer.from('one'));
      await closed;
      assert.deepEqual([heard.at(-1), scene.openings.at(-1)], ['close 1006', 'server 502']);
      scene.end.welcomes[0] = 'open';
      await scene.open();
      await scene.end.until(() => scene.end.messages.length === 1);
      assert.deepEqual(texts(), ['1 one']);
    });

    it('ends in order when the client closes it in its rest', async () => {
      const socket = await scene.open();
      const { heard, closed } = earsOn(socket);
      await rest(socket);
      socket.close(1000, 'done');
      await closed;
      assert.deepEqual([heard, socket.readyState], [['close 1000'], socket.CLOSED]);
    });
  });

  describe('at its end', () => {
    for (const code of [1000, 1001]) {
      it(`is one that the client comes back from when the lab ends it with ${code}`, async () => {
        const { heard, closed } = earsOn(await scene.open());
        scene.end.sockets[0]?.close(code);
        await closed;
        assert.deepEqual(heard, ['close 1006']);
      });
    }

    it('is as the client wished when it was the client', async () => {
      const socket = await scene.open();
      const { heard, closed } = earsOn(socket);
      socket.close(1000, 'enough');
      await closed;
      assert.deepEqual(heard, ['close 1000']);
    });

    it('lets a client ping at any time', async () => {
      scene.end.welcomes[0] = 'silence';
      const opening = scene.make();
      opening.ping(() => undefined);
      opening.terminate();
      await earsOn(opening).closed;
      opening.ping(() => undefined);
    });

    it('leaves no wait behind', async () => {
      const socket = await scene.open();
      const { closed } = earsOn(socket);
      socket.terminate();
      await closed;
      await scene.clock.pass(10 * HOUR_MS);
      assert.deepEqual([scene.end.attempts.length, scene.openings], [1, [undefined]]);
    });
  });

  describe('with much to carry', () => {
    it('carries bytes and texts in both directions as they are, in the form that the client wants', async () => {
      const socket = scene.make();
      socket.binaryType = 'arraybuffer'; // as clients do, before it is open
      await once(socket, 'open');
      const sent = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      socket.send(sent.buffer);
      socket.send(new DataView(sent.buffer, 1, 2));
      socket.send('text');
      await scene.end.until(() => scene.end.messages.length === 3);
      const received: unknown[] = [];
      socket.onmessage = ({ data }) => void received.push(data);
      scene.end.sockets[0]?.send(sent);
      scene.end.sockets[0]?.send('text');
      while (received.length < 2) await once(socket, 'message');
      assert.deepEqual(
        [
          scene.end.messages.map(({ data, isBinary }) => [data.length, isBinary]),
          scene.end.messages[0]?.data.equals(sent),
        ],
        [
          [
            [300_000, true],
            [2, true],
            [4, false],
          ],
          true,
        ],
      );
      assert.deepEqual(received, [sent.buffer, 'text']);
    });

    it('reads no further while the client has it paused', async () => {
      const socket = await scene.open();
      const { heard } = earsOn(socket);
      socket.pause();
      const [theirs] = scene.end.sockets;
      theirs?.send('x'.repeat(20_000_000));
      await settle();
      for (let second = 0; second < 120; second += 10) await scene.clock.pass(10_000);
      const waiting = theirs?.bufferedAmount ?? 0;
      assert.deepEqual([socket.isPaused, heard, waiting > 10_000_000], [true, [], true]);
      const arrived = once(socket, 'message');
      socket.resume();
      await arrived;
      assert.deepEqual([socket.readyState, heard.length], [socket.OPEN, 1]);
    });
  });
});
