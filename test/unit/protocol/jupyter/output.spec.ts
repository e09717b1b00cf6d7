import assert from 'node:assert/strict';
import { KernelMessage } from '@jupyterlab/services';
import { serialize } from '@jupyterlab/services/lib/kernel/serialize';
import { writeFrame } from '../../../../src/protocol/jupyter/kernelFrame';
import { KERNEL_PROTOCOL, writeMessage } from '../../../../src/protocol/jupyter/kernelMessage';
import { isOutput } from '../../../../src/protocol/jupyter/output';

describe('output at a glance', () => {
  const frame = (type: string, more: object = {}, content: object = {}): Buffer =>
    writeMessage(
      {
        channel: 'iopub',
        header: { msg_id: 'one', ...more, msg_type: type },
        parentHeader: { msg_id: 'asked', msg_type: 'execute_request' },
        content,
      },
      'v1',
    ).data;
  const TYPES = ['stream', 'display_data', 'update_display_data', 'comm_msg'];

  it('is what kernels send by the thousand', () => {
    assert.deepEqual(
      TYPES.map((type) => isOutput(frame(type), true, 'v1')),
      TYPES.map(() => true),
    );
  });

  it('is none of what tells how a cell goes, and nothing that only begins like it', () => {
    const others = ['status', 'error', 'execute_input', 'execute_reply', 'kernel_info_reply', 'usage_reply'];
    const alike = ['streams', 'strea', 'display_data_', 'comm_msg ', '', 'Stream'];
    for (const type of [...others, ...alike]) assert.equal(isOutput(frame(type), true, 'v1'), false, type);
  });

  it('is told by the header alone, whatever the rest of a message says', () => {
    const liar = { username: '"msg_type": "stream"', session: '\\"msg_type":"stream"' };
    const content = { msg_type: 'stream', code: '"msg_type": "stream"' };
    assert.equal(isOutput(frame('status', liar, content), true, 'v1'), false);
    assert.equal(isOutput(frame('stream', { username: '"msg_type": "status"' }), true, 'v1'), true);
  });

  it('is told in each form in which a socket may bring it, as other programs write it, too', () => {
    const bytes = frame('stream');
    const spaced = writeFrame({
      channel: 'iopub',
      header: '{"msg_id": "one", "msg_type" : "stream", "version": "5.4"}',
      parentHeader: '{}',
      metadata: '{}',
      content: '{}',
    });
    const message = KernelMessage.createMessage<KernelMessage.IStreamMsg>({
      channel: 'iopub',
      msgType: 'stream',
      session: 's',
      content: { name: 'stdout', text: 'x'.repeat(100_000) },
    });
    const theirs = serialize({ ...message, buffers: [new ArrayBuffer(8)] }, KERNEL_PROTOCOL);
    assert.ok(theirs instanceof ArrayBuffer);
    const apart = Buffer.concat([Buffer.alloc(5), bytes]).subarray(5);
    assert.deepEqual(
      [Uint8Array.from(bytes).buffer, apart, theirs, spaced].map((data) => isOutput(data, true, 'v1')),
      [true, true, true, true],
    );
  });

  it('is nothing that cannot be told at a glance', () => {
    const bytes = frame('stream');
    const far = Buffer.from(bytes);
    far.writeBigUInt64LE(2n ** 40n, 24);
    assert.deepEqual(
      [
        isOutput(bytes, false, 'v1'),
        isOutput(bytes, true, 'legacy'),
        isOutput([bytes], true, 'v1'),
        isOutput(far, true, 'v1'),
        ...[0, 7, 20, 60].map((length) => isOutput(bytes.subarray(0, length), true, 'v1')),
      ],
      Array.from({ length: 8 }, () => false),
    );
  });
});
