import assert from 'node:assert/strict';
import type { WebSocket } from 'ws';
import { readFrame } from '../../../../src/protocol/jupyter/kernelFrame';
import { writeMessage } from '../../../../src/protocol/jupyter/kernelMessage';
import { WatchedKernel, type WorkingKernel } from '../../../../src/protocol/jupyter/watchedKernel';
import { never, settle } from '../../../fakes/deferred';
import { earsOn, SocketScene } from '../../../fakes/socketScene';

describe('a kernel that is asked beside its cells', () => {
  let scene: SocketScene;
  let socket: WebSocket;
  let kernel: WorkingKernel;
  let heard: readonly string[];
  beforeEach(async () => {
    scene = await SocketScene.open();
    socket = await scene.open();
    const [first] = scene.work.kernels;
    assert.ok(first);
    kernel = first;
    ({ heard } = earsOn(socket));
  });
  afterEach(async () => {
    socket.terminate();
    await scene.stop();
  });

  const message = (channel: string, type: string, parent: string, content: object): Buffer =>
    writeMessage(
      {
        channel,
        header: { msg_id: `${type} id`, msg_type: type },
        parentHeader: { msg_id: parent },
        content,
      },
      'v1',
    ).data;
  const says = async (...told: Parameters<typeof message>): Promise<void> => {
    scene.end.sockets[0]?.send(message(...told));
    for (let turn = 0; turn < 10; turn++) await settle();
  };
  /** A cell is sent, and the kernel begins with it. */
  const begin = async (): Promise<void> => {
    socket.send(message('shell', 'execute_request', '', {}));
    await scene.end.until(() => scene.end.messages.length === 1);
    await says('iopub', 'status', 'execute_request id', { execution_state: 'busy' });
  };
  /** The id of the question that has come to the other end. */
  const question = async (): Promise<string> => {
    await scene.end.until(() => scene.end.messages.length === 2);
    const frame = readFrame(scene.end.messages[1]?.data ?? new Uint8Array());
    assert.deepEqual([frame?.channel, /usage_request/.test(frame?.header ?? '')], ['control', true]);
    return (JSON.parse(frame?.header ?? '{}') as { readonly msg_id: string }).msg_id;
  };

  const isAsking = (): boolean => kernel instanceof WatchedKernel && kernel.isAsking;

  it('tells its memory, of which the client hears nothing', async () => {
    await begin();
    const before = heard.length;
    const asking = kernel.askUsage(never);
    const id = await question();
    await says('iopub', 'status', id, { execution_state: 'busy' });
    await says('control', 'usage_reply', id, { kernel_memory: 5 });
    await says('iopub', 'status', id, { execution_state: 'idle' });
    assert.deepEqual(
      [kernel.id, await asking, heard.length - before, kernel.isWaiting, isAsking()],
      ['one', { memoryBytes: 5 }, 0, true, false],
    );
  });

  it('is silent when no answer comes in time, and an answer after that is kept from the client, too', async () => {
    await begin();
    const before = heard.length;
    const asking = kernel.askUsage(never);
    const id = await question();
    await scene.clock.pass(5000);
    const outcome = await asking;
    await says('control', 'usage_reply', id, { kernel_memory: 5 });
    assert.deepEqual([outcome, heard.length - before, kernel.silentMs], ['silent', 0, 5000]);
  });

  it('is not asked while it starts, and while nobody would hear it', async () => {
    const outcomes = [await kernel.askUsage(never)];
    await begin();
    await says('iopub', 'status', 'nothing', { execution_state: 'restarting' });
    outcomes.push(await kernel.askUsage(never));
    scene.clock.advance(60_000);
    outcomes.push(await kernel.askUsage(never));
    assert.deepEqual([outcomes, scene.end.messages.length], [Array(3).fill('unheard'), 1]);
  });

  it('is not asked when somebody starts it anew, before it runs a cell of after that', async () => {
    await begin();
    scene.work.forget('another');
    const elsewhere = kernel.isUp;
    scene.work.forget('one');
    const outcomes = [await kernel.askUsage(never)];
    await says('iopub', 'error', 'execute_request id', { ename: 'KeyboardInterrupt' });
    outcomes.push(await kernel.askUsage(never));
    const next = {
      channel: 'shell',
      header: { msg_id: 'next', msg_type: 'execute_request' },
      parentHeader: {},
      content: {},
    };
    socket.send(writeMessage(next, 'v1').data);
    await says('iopub', 'status', 'next', { execution_state: 'busy' });
    assert.deepEqual([elsewhere, outcomes, kernel.isUp], [true, ['unheard', 'unheard'], true]);
  });

  it('lets all of its cells fail when it has ended, as a kernel would', async () => {
    await begin();
    const before = heard.length;
    kernel.endCells({ ename: 'KernelEnded', evalue: 'no memory', traceback: ['no memory'] });
    const told = heard.slice(before).map((text) => /"msg_type":"(\w+)"/.exec(text)?.[1]);
    assert.deepEqual(
      [told, heard.at(-2)?.includes('"status":"error"'), kernel.isWaiting],
      [['error', 'execute_reply', 'status'], true, false],
    );
  });
});
