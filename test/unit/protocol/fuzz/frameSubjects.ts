import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFrame, writeFrame, type KernelFrame } from '../../../../src/protocol/jupyter/kernelFrame';
import { hostile, mutated, toText } from '../../fuzz/hostileJson';
import { subject } from '../../fuzz/subject';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const id = fc.constantFrom('one', 'two', '__proto__', '');
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
