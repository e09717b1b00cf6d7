import assert from 'node:assert/strict';
import { KernelMessage } from '@jupyterlab/services';
import { deserialize, serialize } from '@jupyterlab/services/lib/kernel/serialize';
import {
  KERNEL_PROTOCOL,
  readMessage,
  writeMessage,
  type Framing,
} from '../../../../src/protocol/jupyter/kernelMessage';

const PROTOCOLS: Readonly<Record<Framing, string>> = { v1: KERNEL_PROTOCOL, legacy: '' };
const FRAMINGS = ['v1', 'legacy'] as const;

/** As jupyter_server and the notebook server before it write a message. */
const serverText = (size: number): string =>
  `{"header": {"msg_id": "m", "msg_type": "stream", "version": "5.3"}, "msg_id": "m", "msg_type": "stream", ` +
  `"parent_header": {"msg_id": "asked", "msg_type": "execute_request"}, "metadata": {}, ` +
  `"content": {"name": "stdout", "text": "${'x'.repeat(size)}"}, "buffers": [], "channel": "iopub"}`;

describe('a kernel message', () => {
  const parent = {
    msg_id: 'asked',
    msg_type: 'execute_request' as const,
    date: '',
    session: 's',
    username: 'v',
    version: '5.4',
  };
  const output = (text: string, buffers: ArrayBuffer[] = []): KernelMessage.IMessage => ({
    ...KernelMessage.createMessage<KernelMessage.IStreamMsg>({
      channel: 'iopub',
      msgType: 'stream',
      session: 's',
      content: { name: 'stdout', text },
      parentHeader: parent,
    }),
    buffers,
  });
  const read = (data: string | ArrayBuffer, framing: Framing) => {
    const message = readMessage(
      typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data),
      typeof data !== 'string',
      framing,
    );
    return message && [message.channel, message.type, message.parentId, message.content()];
  };

  for (const framing of FRAMINGS) {
    it(`is read as the notebook's client writes it, with buffers and without, ${framing}`, () => {
      const expected = ['iopub', 'stream', 'asked', { name: 'stdout', text: 'grüße "msg_id": "no"' }];
      const seen = [[], [new ArrayBuffer(3), new ArrayBuffer(5)]].map((buffers) =>
        read(serialize(output('grüße "msg_id": "no"', buffers), PROTOCOLS[framing]), framing),
      );
      assert.deepEqual(seen, [expected, expected]);
    });

    it(`is written so that the notebook's client can read it, ${framing}`, () => {
      const { data, isBinary } = writeMessage(
        {
          channel: 'shell',
          header: { msg_id: 'a', msg_type: 'execute_reply' },
          parentHeader: parent,
          content: { status: 'ok' },
        },
        framing,
      );
      const message = isBinary
        ? deserialize(Uint8Array.from(data).buffer, PROTOCOLS[framing])
        : (JSON.parse(data.toString()) as KernelMessage.IMessage);
      assert.deepEqual(
        [isBinary, message.channel, message.header.msg_id, message.parent_header, message.content],
        [framing === 'v1', 'shell', 'a', parent, { status: 'ok' }],
      );
    });

    it(`costs no more to look at when it is large, ${framing}`, () => {
      const length = 8_000_000;
      const v1 = writeMessage(
        {
          channel: 'iopub',
          header: { msg_type: 'stream' },
          parentHeader: parent,
          content: { text: 'x'.repeat(length) },
        },
        'v1',
      );
      const bytes = framing === 'v1' ? v1.data : Buffer.from(serverText(length));
      const before = process.cpuUsage();
      for (let round = 0; round < 100; round++) readMessage(bytes, framing === 'v1', framing);
      const { user } = process.cpuUsage(before); // a busy computer makes nobody's own work more
      assert.ok(user / 1000 < 400, `${user / 1000} ms for 100 looks`);
    });
  }

  it('is read as a server of before the sub-protocol writes it', () => {
    assert.deepEqual(
      [1, 400_000].map((size) => read(serverText(size), 'legacy')),
      [1, 400_000].map((size) => ['iopub', 'stream', 'asked', { name: 'stdout', text: 'x'.repeat(size) }]),
    );
  });

  it('is none where the bytes are none', () => {
    const own = serialize(output('x'.repeat(400_000)), '');
    assert.deepEqual(read(own, 'legacy')?.slice(0, 3), ['iopub', 'stream', 'asked']);
    const odd = [
      '',
      '{}',
      '[]',
      'null',
      '{"header":{"msg_type":1},"channel":"iopub"}',
      `{"x":"${'y'.repeat(300_000)}"}`,
    ];
    const bytes = [0, 7, 8, 12, 16, 64, 400].map((size) => new Uint8Array(size).fill(3));
    const seen = [
      ...odd.map((text) => readMessage(Buffer.from(text), false, 'legacy')),
      ...FRAMINGS.flatMap((framing) => bytes.map((some) => readMessage(some, true, framing))),
      ...bytes.map((some) => readMessage(some, false, 'v1')),
    ];
    assert.deepEqual([...new Set(seen)], [undefined]);
  });
});
