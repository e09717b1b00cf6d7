import assert from 'node:assert/strict';
import { once } from 'node:events';
import { silentLog } from '../../../../src/common/log';
import { ReplyGuard } from '../../../../src/protocol/jupyter/replyGuard';
import { UnansweredCells } from '../../../../src/protocol/jupyter/unansweredCells';
import { settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { kernelFrame as frame } from '../../../fakes/kernelFrames';
import { earsOn, SocketScene } from '../../../fakes/socketScene';

const GRACE_MS = 2000;

/** Kernels number what they say. */
let said = 0;
const request = (type: string, id: string): Uint8Array => frame('shell', type, id, {});
const state = (execution: string, parent: string): Uint8Array =>
  frame('iopub', 'status', `kernel_1_${++said}`, { execution_state: execution }, parent);
const reply = (parent: string): Uint8Array =>
  frame('shell', 'execute_reply', `kernel_1_${++said}`, { status: 'ok' }, parent);
const failure = { ename: 'ValueError', evalue: 'no', traceback: ['line'] };

describe('a cell whose connection is cut while it runs', () => {
  /** One client with one socket after another; `told` is what each cell's reply says and what comes with it. */
  function setUp() {
    const clock = new HeldClock();
    const told: string[] = [];
    const newGuard = (): ReplyGuard =>
      new ReplyGuard(
        ({ channel, header, parentHeader, content }) => {
          const type = 'msg_type' in header ? String(header.msg_type) : '';
          const parent = 'msg_id' in parentHeader ? String(parentHeader.msg_id) : '';
          const how = 'status' in content ? content.status : '';
          const name = 'ename' in content ? content.ename : 'name' in content ? content.name : '';
          const kernel = 'execution_state' in content ? content.execution_state : '';
          told.push([channel, type, parent, how, name, kernel].filter((word) => word !== '').join(' '));
        },
        clock,
        silentLog,
      );
    const sent = (guard: ReplyGuard, type: string, id: string): void =>
      guard.sent(request(type, id), true, 'v1');
    const heard = (guard: ReplyGuard, ...frames: Uint8Array[]): void => {
      for (const each of frames) {
        if (guard.isCut) guard.foresee(each, true, 'v1');
        guard.received(each, true, 'v1');
      }
    };
    /** The next socket, which opens when the one before has been lost. */
    const after = (before: ReplyGuard): ReplyGuard => {
      const next = newGuard();
      next.takeOver(before.end());
      return next;
    };
    const pass = async (ms: number): Promise<void> => {
      await clock.pass(ms);
      await settle();
    };
    return { told, newGuard, sent, heard, after, pass };
  }

  it('ends when the kernel comes to what was sent later, and is not called a success', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    sent(second, 'kernel_info_request', 'who');
    heard(second, state('busy', 'who'), state('idle', 'who'));
    const early = [...told];
    await pass(GRACE_MS);
    assert.deepEqual(
      [early, told],
      [
        [],
        [
          'iopub error cell ConnectionLost',
          'shell execute_reply cell error ConnectionLost',
          'iopub status cell idle',
        ],
      ],
    );
  });

  it('is waited for while the kernel has not come to anything that was sent later', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    sent(second, 'kernel_info_request', 'who');
    heard(second, state('busy', 'the lab asks'), state('idle', 'somebody else'));
    await pass(10 * GRACE_MS);
    assert.deepEqual([told, second.isWaiting], [[], true]);
  });

  it('keeps the reply that comes after all, as from labs that remember what was said meanwhile', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    sent(second, 'kernel_info_request', 'who');
    heard(second, state('busy', 'cell'), reply('cell'), state('idle', 'cell'), state('busy', 'who'));
    await pass(GRACE_MS);
    assert.deepEqual([told, second.isWatching], [[], false]);
  });

  it('ends also when the cut came between its reply and its last word, be there one cut or two', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    heard(first, state('busy', 'cell'), reply('cell'));
    const third = after(after(first));
    sent(third, 'kernel_info_request', 'who');
    const early = [...told];
    heard(third, state('busy', 'who'), state('idle', 'who'));
    await pass(GRACE_MS);
    assert.deepEqual(
      [early, told, third.isWatching],
      [[], ['iopub stream cell stderr', 'iopub status cell idle'], false],
    );
  });

  it('is not made to end twice when its last word comes after all', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    heard(first, state('busy', 'cell'), reply('cell'));
    const second = after(first);
    sent(second, 'kernel_info_request', 'who');
    heard(second, state('busy', 'who'), state('idle', 'cell'));
    await pass(GRACE_MS);
    assert.deepEqual([told, second.isWatching], [[], false]);
  });

  it('has ended well when it went on for long enough after the cut that no error can have been missed', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    await pass(2 * GRACE_MS);
    heard(second, state('idle', 'cell'));
    await pass(GRACE_MS);
    assert.deepEqual(told, ['iopub stream cell stderr', 'shell execute_reply cell ok']);
  });

  it('is not known to have ended well when its end is the first that is heard', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    heard(second, state('idle', 'cell'));
    await pass(GRACE_MS);
    assert.deepEqual(told, [
      'iopub error cell ConnectionLost',
      'shell execute_reply cell error ConnectionLost',
    ]);
  });

  it('has failed with the error that came before the cut', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    heard(first, frame('iopub', 'error', 'e', failure, 'cell'));
    const second = after(first);
    sent(second, 'kernel_info_request', 'who');
    heard(second, state('idle', 'who'));
    await pass(GRACE_MS);
    assert.deepEqual(told, ['shell execute_reply cell error ValueError', 'iopub status cell idle']);
  });

  it('has ended as it was heard to end when only its reply fell into the cut', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    heard(first, state('idle', 'cell'));
    after(first);
    await pass(GRACE_MS);
    assert.deepEqual(told, ['shell execute_reply cell ok']);
  });

  it('does not make a kernel look idle that works on the next one', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const second = after(first);
    sent(second, 'execute_request', 'next');
    heard(second, state('busy', 'next'));
    await pass(GRACE_MS);
    assert.deepEqual(
      [told.slice(-2), second.isWaiting],
      [['iopub status cell idle', 'iopub status cell busy'], true],
    );
  });

  it('is handed on through any number of cuts, and only once', async () => {
    const { told, newGuard, sent, heard, after, pass } = setUp();
    const first = newGuard();
    sent(first, 'execute_request', 'cell');
    const third = after(after(first));
    sent(third, 'kernel_info_request', 'who');
    heard(third, state('idle', 'who'), frame('shell', 'kernel_info_reply', 'r', {}, 'who'));
    await pass(GRACE_MS);
    assert.deepEqual([told.length, third.end(), first.end()], [3, [], []]);
  });

  it('is taken over by the next socket, and is not sent again', async () => {
    const scene = await SocketScene.open();
    after(() => scene.stop());
    const socket = await scene.open();
    const { closed } = earsOn(socket);
    socket.send(request('execute_request', 'cell'));
    await scene.end.until(() => scene.end.messages.length === 1);
    scene.end.sockets[0]?.terminate();
    await closed;
    const next = await scene.open();
    const { heard } = earsOn(next);
    next.send(request('execute_request', 'later'));
    await scene.end.until(() => scene.end.messages.length === 2);
    scene.end.sockets[1]?.send(state('busy', 'later'));
    await once(next, 'message');
    await scene.clock.pass(2000);
    const replies = heard.filter((line) => line.includes('execute_reply') && line.includes('"cell"'));
    assert.deepEqual(
      [replies.length, scene.end.messages.map(({ data }) => /"(?:cell|later)"/.exec(data.toString())?.[0])],
      [1, ['"cell"', '"later"']],
    );
  });

  it('is left to the same client of the same kernel, until that is started anew', () => {
    const { newGuard, sent } = setUp();
    const guard = newGuard();
    sent(guard, 'execute_request', 'cell');
    const [cell] = guard.end();
    assert.ok(cell);
    const url = (kernel: string, client: string): URL =>
      new URL(`ws://lab.example/user/v/api/kernels/${kernel}/channels?session_id=${client}`);
    const left = (forgotten: string, kernel: string, client: string): number => {
      const cells = new UnansweredCells();
      cells.leave(url('one', 'me'), [cell]);
      cells.forget(forgotten);
      return cells.take(url(kernel, client)).length + cells.take(url(kernel, client)).length;
    };
    assert.deepEqual(
      [
        left('two', 'one', 'me'),
        left('two', 'one', 'you'),
        left('two', 'two', 'me'),
        left('one', 'one', 'me'),
      ],
      [1, 0, 0, 0],
    );
  });

  it('is forgotten with the oldest client when very many never come back', () => {
    const { newGuard, sent } = setUp();
    const guard = newGuard();
    sent(guard, 'execute_request', 'cell');
    const left = guard.end();
    const cells = new UnansweredCells();
    const url = (client: number): URL => new URL(`ws://lab/api/kernels/one/channels?session_id=${client}`);
    for (let client = 0; client < 100; client++) cells.leave(url(client), left);
    assert.deepEqual([cells.take(url(0)).length, cells.take(url(99)).length], [0, 1]);
  });
});
