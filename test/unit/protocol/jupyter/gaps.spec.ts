import assert from 'node:assert/strict';
import { once } from 'node:events';
import { silentLog } from '../../../../src/common/log';
import { ReplyGuard } from '../../../../src/protocol/jupyter/replyGuard';
import { settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { kernelFrame as frame } from '../../../fakes/kernelFrames';
import { earsOn, SocketScene } from '../../../fakes/socketScene';

const GRACE_MS = 2000;
const WORD =
  'The connection to the kernel was lost for a while as this cell ran. Of what it printed then, something may be missing.\n';

const turn = (number: number): string => `kernel-session_24_${number}`;
const request = (id: string, content: object = {}): Uint8Array =>
  frame('shell', 'execute_request', id, content);
/** What a kernel says of a cell, each with its number. */
const busy = (number: number, cell = 'cell'): Uint8Array =>
  frame('iopub', 'status', turn(number), { execution_state: 'busy' }, cell);
const idle = (number: number, cell = 'cell'): Uint8Array =>
  frame('iopub', 'status', turn(number), { execution_state: 'idle' }, cell);
const printed = (number: number, cell = 'cell'): Uint8Array =>
  frame('iopub', 'stream', turn(number), { name: 'stdout', text: 'some' }, cell);
const reply = (number: number, cell = 'cell'): Uint8Array =>
  frame('shell', 'execute_reply', turn(number), { status: 'ok' }, cell);

describe('a cell that goes on after its connection was cut', () => {
  /** What the client sees of cells, of which each list is one connection; the word that it is told stands as `word`. */
  async function seenOf(
    connections: readonly (readonly Uint8Array[])[],
    content?: object,
  ): Promise<string[]> {
    const clock = new HeldClock();
    const seen: string[] = [];
    let guard: ReplyGuard | undefined;
    for (const frames of connections) {
      const next = new ReplyGuard(
        ({ content }) => seen.push('text' in content && content.text === WORD ? 'word' : 'made up'),
        clock,
        silentLog,
      );
      if (guard) next.takeOver(guard.end());
      else next.sent(request('cell', content), true, 'v1');
      for (const each of frames) {
        if (next.isCut) next.foresee(each, true, 'v1');
        seen.push(/"msg_type":"(\w+)"/.exec(Buffer.from(each).toString())?.[1] ?? '');
        next.received(each, true, 'v1');
      }
      guard = next;
    }
    await clock.pass(GRACE_MS);
    await settle();
    assert.equal(guard?.isWatching, false, 'the cell has not ended');
    return seen;
  }

  it('says that something of it may be missing, before it ends', async () => {
    const begun = [busy(7), printed(8)];
    assert.deepEqual(
      [
        await seenOf([begun, [printed(10), reply(11), idle(12)]]),
        await seenOf([begun, [idle(12), reply(11)]]),
        await seenOf([[busy(7)], [reply(11), idle(12)]]),
      ],
      [
        ['status', 'stream', 'stream', 'execute_reply', 'word', 'status'],
        ['status', 'stream', 'status', 'word', 'execute_reply'],
        ['status', 'execute_reply', 'word', 'status'],
      ],
    );
  });

  it('says nothing when all of it has come, be it at once or as the lab remembers it', async () => {
    const told = await Promise.all([
      seenOf([
        [busy(7), printed(8)],
        [reply(9), idle(10)],
      ]),
      seenOf([[busy(7)], [reply(10), printed(8), printed(9), idle(11)]]),
      seenOf([
        [busy(7), reply(9)],
        [printed(8), idle(10)],
      ]),
      seenOf([[busy(7)], [printed(8)], [printed(9)], [idle(11), reply(10)]]),
    ]);
    assert.deepEqual(
      told.flat().filter((each) => each === 'word' || each === 'made up'),
      [],
    );
  });

  it('says nothing when it began after the cut, whatever was said before', async () => {
    assert.ok(!(await seenOf([[], [busy(20), printed(21), reply(22), idle(23)]])).includes('word'));
  });

  it('does not take for output of its own what is said to others on other channels', async () => {
    const usage = frame('control', 'usage_reply', turn(8), {}, 'how much');
    const serverSays = frame('iopub', 'status', 'server-session_1_99', { execution_state: 'busy' }, 'server');
    const told = await seenOf([[busy(7)], [serverSays, usage, printed(9), reply(10), idle(11)]]);
    assert.ok(!told.includes('word'));
  });

  it('says so when it had said nothing before the cut and was begun in it', async () => {
    assert.deepEqual(await seenOf([[], [printed(9), reply(10), idle(11)]]), [
      'stream',
      'execute_reply',
      'word',
      'status',
    ]);
  });

  it('says so when its kernel does not number what it says, since nobody knows', async () => {
    const one = (channel: string, type: string, content: object): Uint8Array =>
      frame(channel, type, 'f3b1', content, 'cell');
    const told = await seenOf([
      [one('iopub', 'status', { execution_state: 'busy' })],
      [one('shell', 'execute_reply', { status: 'ok' }), one('iopub', 'status', { execution_state: 'idle' })],
    ]);
    assert.deepEqual(told, ['status', 'execute_reply', 'word', 'status']);
  });

  it('says so, too, when the lab has lost its reply', async () => {
    const clock = new HeldClock();
    const told: string[] = [];
    const newGuard = (): ReplyGuard =>
      new ReplyGuard(
        ({ channel, content }) => told.push('text' in content && content.text === WORD ? 'word' : channel),
        clock,
        silentLog,
      );
    const endOf = async (...frames: Uint8Array[]): Promise<readonly string[]> => {
      told.length = 0;
      const first = newGuard();
      first.sent(request('cell'), true, 'v1');
      first.received(busy(7), true, 'v1');
      const second = newGuard();
      second.takeOver(first.end());
      await clock.pass(2 * GRACE_MS);
      for (const each of frames) {
        if (second.isCut) second.foresee(each, true, 'v1');
        second.received(each, true, 'v1');
      }
      await clock.pass(GRACE_MS);
      await settle();
      return [...told];
    };
    assert.deepEqual(
      [await endOf(printed(9), idle(11)), await endOf(printed(8), idle(10))],
      [['word', 'shell'], ['shell']],
    );
  });

  it('says nothing where it was asked for behind the scenes', async () => {
    const asked = [{ silent: true }, { silent: false, store_history: false }];
    const told = await Promise.all(
      asked.map((content) => seenOf([[busy(7)], [reply(10), idle(11)]], content)),
    );
    assert.ok(!told.flat().includes('word'));
  });

  it('is told by the next socket of the same client', async () => {
    const scene = await SocketScene.open();
    after(() => scene.stop());
    const socket = await scene.open();
    const { heard: before, closed } = earsOn(socket);
    socket.send(request('cell'));
    await scene.end.until(() => scene.end.messages.length === 1);
    scene.end.sockets[0]?.send(busy(7));
    while (before.length < 1) await once(socket, 'message');
    scene.end.sockets[0]?.terminate();
    await closed;
    const next = await scene.open();
    const { heard } = earsOn(next);
    for (const each of [printed(9), reply(10), idle(11)]) scene.end.sockets[1]?.send(each);
    while (heard.length < 4) await once(next, 'message');
    assert.deepEqual(
      heard.map((line) => /stderr|stdout|execute_reply|idle/.exec(line)?.[0]),
      ['stdout', 'execute_reply', 'stderr', 'idle'],
    );
  });
});
