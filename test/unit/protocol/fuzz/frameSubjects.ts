import assert from 'node:assert/strict';
import fc from 'fast-check';
import { silentLog } from '../../../../src/common/log';
import { readFrame, writeFrame, type KernelFrame } from '../../../../src/protocol/jupyter/kernelFrame';
import { readMessage, writeMessage, type Framing } from '../../../../src/protocol/jupyter/kernelMessage';
import { isOutput } from '../../../../src/protocol/jupyter/output';
import { ReplyGuard } from '../../../../src/protocol/jupyter/replyGuard';
import { hostile, mutated, toText } from '../../fuzz/hostileJson';
import { subject } from '../../fuzz/subject';
import { JumpingClock } from '../../../fakes/jumpingClock';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const id = fc.constantFrom('one', 'two', '__proto__', '', 's_1_1', 's_1_2', 's_1_999999999999999');
const header = (types: readonly string[]): fc.Arbitrary<unknown> =>
  fc.record(
    { msg_id: id, msg_type: fc.constantFrom(...types), session: fc.constant('s') },
    { requiredKeys: ['msg_id', 'msg_type'] },
  );
const part = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: valid.map(toText) },
    { weight: 2, arbitrary: mutated(valid).map(toText) },
    { weight: 1, arbitrary: hostile.map(toText) },
    { weight: 1, arbitrary: text },
  );
const TYPES = [
  'execute_request',
  'execute_reply',
  'status',
  'error',
  'execute_input',
  'stream',
  'constructor',
];
const content = fc.record(
  {
    execution_state: fc.constantFrom('idle', 'busy', 'dead', 'restarting'),
    execution_count: fc.nat(),
    ename: text,
    evalue: text,
    traceback: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const message: fc.Arbitrary<KernelFrame> = fc.record({
  channel: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('shell', 'iopub', 'control', 'stdin') },
    { weight: 1, arbitrary: text },
  ),
  header: part(header(TYPES)),
  parentHeader: part(header(['execute_request'])),
  metadata: part(fc.constant({})),
  content: part(content),
});
const anything: fc.Arbitrary<KernelFrame> = fc.record({
  channel: text,
  header: text,
  parentHeader: text,
  metadata: text,
  content: text,
});
const buffers = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 });
const spoil = fc.record({
  at: fc.nat(),
  number: fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1n, 5n, 6n, 7n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
  ),
  keep: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('number', 'cut', 'byte'),
});
const spoiled = fc
  .tuple(message, buffers, spoil)
  .map(([frame, rest, how]) => spoilt(withBuffers(frame, rest), how));
/** Rarely: such a message is long. */
const seldom = fc.nat(40).map((number) => number === 40);
/** As labs wrote messages before there were protocols, with binary data behind or without. */
const legacy = fc
  .tuple(message, fc.option(buffers), seldom)
  .map(([frame, rest, isLarge]) => asLegacy(frame, rest ?? undefined, isLarge));
const carried = fc.oneof(
  fc.tuple(message, buffers).map(([frame, rest]): Carried => [withBuffers(frame, rest), true, 'v1']),
  spoiled.map((frame): Carried => [frame, true, 'v1']),
  legacy,
  fc
    .tuple(legacy, spoil)
    .map(([[data, isBinary, framing], how]): Carried => [spoilt(data, how), isBinary, framing]),
  fc
    .tuple(fc.uint8Array({ maxLength: 120 }), fc.boolean(), fc.constantFrom<Framing>('v1', 'legacy'))
    .map(([data, isBinary, framing]): Carried => [data, isBinary, framing]),
);

const OUTPUT = /^(stream|(update_)?display_data|comm_msg)$/;

export const FRAME_SUBJECTS = [
  subject('v1 frames as they are meant', fc.tuple(anything, buffers), ([frame, rest]) => {
    const texts = Object.entries(frame).map(([name, value]) => [
      name,
      new TextDecoder().decode(new TextEncoder().encode(String(value))),
    ]);
    assert.deepEqual(readFrame(withBuffers(frame, rest)), Object.fromEntries(texts));
  }),
  subject('v1 frames without sense', fc.oneof(spoiled, fc.uint8Array({ maxLength: 200 })), (spoilt) => {
    const frame = readFrame(spoilt);
    if (!frame) return;
    const texts = Object.values(frame).map(String);
    assert.equal(texts.length, 5);
    assert.ok(texts.join('').length <= spoilt.byteLength, 'is longer than what came');
    assert.ok(readFrame(writeFrame(frame)), 'cannot be written again');
  }),
  subject(
    'messages of a kernel',
    fc.array(fc.record({ isSent: fc.boolean(), isCut: fc.boolean(), carried }), { maxLength: 12 }),
    async (messages) => {
      const delivered: string[] = [];
      const newGuard = (): ReplyGuard =>
        new ReplyGuard(
          (writing) => {
            for (const framing of ['v1', 'legacy'] as const) {
              const { data, isBinary } = writeMessage(writing, framing);
              delivered.push(readMessage(data, isBinary, framing)?.type ?? 'nothing');
            }
          },
          new JumpingClock(),
          silentLog,
        );
      let guard = newGuard();
      for (const { isSent, isCut, carried: each } of messages) {
        const read = readMessage(...each);
        read?.header();
        read?.content();
        if (isOutput(...each)) assert.match(read?.type ?? 'stream', OUTPUT);
        if (isCut) {
          const left = guard.end();
          guard = newGuard();
          guard.takeOver(left);
        }
        if (guard.isCut) guard.foresee(...each);
        if (isSent) guard.sent(...each);
        else guard.received(...each);
      }
      await Promise.resolve();
      guard.end();
      assert.ok(!guard.isWaiting, 'still waits after the end');
      for (const type of delivered) assert.match(type, /^(execute_reply|status|stream|error)$/);
    },
  ),
  subject(
    'legacy messages as they are meant',
    fc.tuple(anything, fc.option(buffers), seldom),
    ([frame, rest, isLarge]) => {
      const meant = {
        ...frame,
        metadata: '{}',
        channel: 'shell',
        header: '{"msg_id":"1","msg_type":"status"}',
        parentHeader: '{"msg_id":"2"}',
      };
      const content = JSON.stringify(frame.content);
      const read = readMessage(...asLegacy({ ...meant, content }, rest ?? undefined, isLarge));
      assert.deepEqual([read?.channel, read?.type, read?.parentId], ['shell', 'status', '2']);
      assert.equal(read?.content(), frame.content);
    },
  ),
];

/** As a kernel sends it that has binary data to show. */
function withBuffers(frame: KernelFrame, rest: readonly Uint8Array[]): Uint8Array {
  const plain = writeFrame(frame);
  const view = new DataView(plain.buffer);
  const starts = Array.from({ length: 6 }, (_, index) => Number(view.getBigUint64(8 * (index + 1), true)));
  for (const each of rest) starts.push((starts.at(-1) ?? 0) + each.byteLength);
  const head = Buffer.alloc(8 * (starts.length + 1));
  head.writeBigUInt64LE(BigInt(starts.length), 0);
  const shift = 8 * rest.length;
  for (const [index, start] of starts.entries())
    head.writeBigUInt64LE(BigInt(start + shift), 8 * (index + 1));
  return Buffer.concat([head, plain.subarray(8 * 7), ...rest]);
}

function spoilt(
  frame: Uint8Array,
  { at, number, keep, how }: { at: number; number: bigint; keep: number; how: string },
): Uint8Array {
  const copy = Buffer.from(frame);
  if (how === 'cut') return copy.subarray(0, Math.floor(keep * copy.length));
  if (how === 'number') copy.writeBigUInt64LE(number, 8 * (at % 7));
  else copy[at % copy.length] = Number(number & 0xffn);
  return copy;
}

type Carried = readonly [data: Uint8Array, isBinary: boolean, framing: Framing];

const LARGE = 'x'.repeat(300_000);

function asLegacy(frame: KernelFrame, rest: readonly Uint8Array[] | undefined, isLarge: boolean): Carried {
  const { header, parentHeader, content, channel } = frame;
  const metadata = isLarge ? JSON.stringify({ large: LARGE }) : frame.metadata;
  const json = Buffer.from(
    `{"header": ${header}, "msg_id": "1", "parent_header": ${parentHeader}, "metadata": ${metadata}, "content": ${content}, "channel": ${JSON.stringify(channel)}}`,
  );
  if (!rest) return [json, false, 'legacy'];
  const parts = [json, ...rest];
  const head = Buffer.alloc(4 * (parts.length + 1));
  head.writeUInt32BE(parts.length, 0);
  let start = head.length;
  for (const [index, part] of parts.entries()) {
    head.writeUInt32BE(start, 4 * (index + 1));
    start += part.byteLength;
  }
  return [Buffer.concat([head, ...parts]), true, 'legacy'];
}
