import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { readFrame, writeFrame } from '../../../../src/protocol/jupyter/kernelFrame';
import { ReplyGuard } from '../../../../src/protocol/jupyter/replyGuard';
import { deferred, settle } from '../../../fakes/deferred';

const header = (type: string, id = 'asked') => ({
  msg_id: id,
  msg_type: type,
  session: 's',
  username: 'v',
  version: '5.4',
});

function frame(
  channel: string,
  type: string,
  content: object,
  id = 'asked',
  parent: object = header('execute_request', id),
): Uint8Array {
  return writeFrame({
    channel,
    header: JSON.stringify(header(type, `${type}-id`)),
    parentHeader: JSON.stringify(parent),
    metadata: '{}',
    content: JSON.stringify(content),
  });
}

const request = (id = 'asked', content: object = {}): Uint8Array =>
  writeFrame({
    channel: 'shell',
    header: JSON.stringify(header('execute_request', id)),
    parentHeader: '{}',
    metadata: '{}',
    content: JSON.stringify(content),
  });
const idle = (id = 'asked'): Uint8Array => frame('iopub', 'status', { execution_state: 'idle' }, id);

describe('the guard of replies', () => {
  /** A guard whose wait is held until `grace` is released. */
  function setUp() {
    const delivered: unknown[] = [];
    const grace = deferred();
    const clock = { nowMs: () => 0, wait: () => grace.promise };
    const guard = new ReplyGuard(
      ({ channel, parentHeader, content }) => {
        delivered.push([channel, 'msg_id' in parentHeader && parentHeader.msg_id, content]);
      },
      clock,
      silentLog,
    );
    return { guard, delivered, grace };
  }

  it('leaves a cell alone whose reply comes, before or after its end', async () => {
    const { guard, delivered, grace } = setUp();
    for (const id of ['before', 'after']) guard.sent(request(id), true, 'v1');
    guard.received(frame('shell', 'execute_reply', { status: 'ok' }, 'before'), true, 'v1');
    guard.received(idle('before'), true, 'v1');
    guard.received(idle('after'), true, 'v1');
    guard.received(frame('shell', 'execute_reply', { status: 'ok' }, 'after'), true, 'v1');
    grace.resolve();
    await settle();
    assert.deepEqual(delivered, []);
  });

  it('makes up the reply of a cell that ended without one', async () => {
    const { guard, delivered, grace } = setUp();
    guard.sent(request(), true, 'v1');
    guard.received(frame('iopub', 'execute_input', { execution_count: 7, code: '1' }), true, 'v1');
    guard.received(idle(), true, 'v1');
    grace.resolve();
    await settle();
    assert.deepEqual(delivered, [
      ['shell', 'asked', { status: 'ok', execution_count: 7, user_expressions: {}, payload: [] }],
    ]);
  });

  it('says that the cell failed when it did', async () => {
    const { guard, delivered, grace } = setUp();
    const error = { ename: 'ValueError', evalue: 'no', traceback: ['line'] };
    guard.sent(request(), true, 'v1');
    guard.received(frame('iopub', 'error', error), true, 'v1');
    guard.received(idle(), true, 'v1');
    grace.resolve();
    await settle();
    assert.deepEqual(delivered, [['shell', 'asked', { status: 'error', execution_count: 0, ...error }]]);
  });

  it('makes nothing up for a cell that still runs, for other requests, or when the socket is closed', async () => {
    const { guard, delivered, grace } = setUp();
    guard.sent(request(), true, 'v1');
    guard.received(frame('iopub', 'status', { execution_state: 'busy' }), true, 'v1');
    guard.received(idle('another'), true, 'v1');
    guard.sent(request('closed'), true, 'v1');
    guard.received(idle('closed'), true, 'v1');
    guard.end();
    grace.resolve();
    await settle();
    assert.deepEqual(delivered, []);
  });

  describe('of a cell of which nothing came but the reply', () => {
    const laterBusy = (): Uint8Array => frame('iopub', 'status', { execution_state: 'busy' }, 'later');

    it('waits until the kernel has come to something later, and then ends it with a word on what is missing', async () => {
      const { guard, delivered, grace } = setUp();
      guard.sent(request(), true, 'v1');
      guard.received(frame('shell', 'execute_reply', { status: 'ok', execution_count: 1 }), true, 'v1');
      grace.resolve();
      await settle();
      assert.deepEqual(delivered, []);
      guard.received(laterBusy(), true, 'v1');
      guard.received(laterBusy(), true, 'v1');
      await settle();
      assert.deepEqual(delivered, [
        [
          'iopub',
          'asked',
          {
            name: 'stderr',
            text: 'Nobody listened to this kernel yet when the cell ran, so what it printed did not arrive. It ran to its end; run it again if you want to see that.\n',
          },
        ],
        ['iopub', 'asked', { execution_state: 'idle' }],
      ]);
      assert.equal(guard.isWatching, false);
    });

    it('leaves it alone when its output comes after all, behind that of something earlier', async () => {
      const { guard, delivered, grace } = setUp();
      guard.sent(request(), true, 'v1');
      guard.received(frame('shell', 'execute_reply', { status: 'ok' }), true, 'v1');
      guard.received(laterBusy(), true, 'v1');
      guard.received(frame('iopub', 'status', { execution_state: 'busy' }), true, 'v1');
      grace.resolve();
      await settle();
      assert.deepEqual(delivered, []);
    });

    it('shows the error that the reply tells of', async () => {
      const { guard, delivered, grace } = setUp();
      const error = { ename: 'ValueError', evalue: 'no', traceback: ['line'] };
      guard.sent(request(), true, 'v1');
      guard.received(frame('shell', 'execute_reply', { status: 'error', ...error }), true, 'v1');
      guard.received(laterBusy(), true, 'v1');
      grace.resolve();
      await settle();
      assert.deepEqual(delivered, [
        ['iopub', 'asked', error],
        ['iopub', 'asked', { execution_state: 'idle' }],
      ]);
    });

    it('says nothing in what was asked behind the scenes', async () => {
      const { guard, delivered, grace } = setUp();
      guard.sent(request('asked', { silent: true }), true, 'v1');
      guard.received(frame('shell', 'execute_reply', { status: 'ok' }), true, 'v1');
      guard.received(laterBusy(), true, 'v1');
      grace.resolve();
      await settle();
      assert.deepEqual(delivered, [['iopub', 'asked', { execution_state: 'idle' }]]);
    });
  });

  it('is not disturbed by frames that are none', () => {
    const { guard } = setUp();
    const bytes = [new Uint8Array(), new Uint8Array(64), new TextEncoder().encode('{"channel":"shell"}')];
    guard.sent(request(), true, 'v1');
    for (const some of bytes) guard.received(some, true, 'v1');
    for (const some of bytes) guard.sent(some, true, 'v1');
    assert.deepEqual(bytes.map(readFrame), [undefined, undefined, undefined]);
  });

  it('knows whether a cell runs, by the newest one', () => {
    const { guard } = setUp();
    const seen = [guard.isWaiting];
    for (const id of ['lost', 'newest']) guard.sent(request(id), true, 'v1');
    seen.push(guard.isWaiting);
    guard.received(frame('shell', 'execute_reply', { status: 'ok' }, 'newest'), true, 'v1');
    seen.push(guard.isWaiting);
    guard.sent(request('last'), true, 'v1');
    guard.end();
    assert.deepEqual([...seen, guard.isWaiting], [false, true, false, false]);
  });

  it('waits for no cell of a kernel that has ended', () => {
    const seen = ['busy', 'restarting', 'autorestarting', 'dead'].map((state) => {
      const { guard } = setUp();
      guard.sent(request(), true, 'v1');
      guard.received(frame('iopub', 'status', { execution_state: state }, 'nothing', {}), true, 'v1');
      return guard.isWaiting;
    });
    assert.deepEqual(seen, [true, false, false, false]);
  });
});
