import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { z } from 'zod';
import type { Connection } from '../../../../src/protocol/connection/connection';
import { HttpStream, toHeaders } from '../../../../src/protocol/http/answer';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { readEvents } from '../../../../src/protocol/http/sse';
import { JupyterHubClient } from '../../../../src/protocol/jupyterhub/client';
import { never } from '../../../fakes/deferred';
import { bodies } from '../../fuzz/hostileJson';
import { subject } from '../../fuzz/subject';
import { assertTyped } from './failures';

const value = fc.string({
  unit: fc.constantFrom('a', 'é', '星', '🦋', ' ', ':', '{', '"', 'data: ', '\u2028', '\0', 'x'.repeat(500)),
  maxLength: 8,
});
/** Between events: what says nothing. */
const idle = fc.constantFrom([], [': still here'], ['id: 7'], ['retry: 10'], ['event: open'], ['what: x']);
const event = fc.record({ name: fc.option(value), lines: fc.array(value, { minLength: 1, maxLength: 3 }) });
const cuts = fc.array(fc.nat(), { maxLength: 6 });

/** A stream written as it is meant, in pieces that nobody chose. */
const written = fc.record({
  blocks: fc.array(fc.tuple(idle, event), { maxLength: 6 }),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  cuts,
  trouble: fc.constantFrom('none', 'none', 'cut', 'silent'),
});

const NOISE = [
  ...['data: ', 'data', 'data:', ':', 'event: x', 'id: \0', 'retry: 1', '\n', '\n\n', '\r', '\r\n', '\r\r'],
  ...['{"progress": 1}', ' ', '\0', 'é', '🦋', 'x'.repeat(300), '\r'.repeat(300), 'data\r'.repeat(50)],
];
const noise = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NOISE).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.concat(pieces));

export const SSE_SUBJECTS = [
  subject('SSE as it is meant', written, async ({ blocks, end, cuts: at, trouble }) => {
    const text = blocks
      .flatMap(([before, { name, lines }]) => [
        ...before,
        '',
        ...(name === null ? [] : [`event: ${name}`]),
        ...lines.map((line) => `data: ${line}`),
        '',
      ])
      .concat(': the end') // a line end may be the first half of one of two signs
      .map((line) => line + end)
      .join('');
    const expected = blocks.map(([, { name, lines }]) => [name || undefined, lines.join('\n')]);
    const read = await readAll(piecesOf(Buffer.from(text), at), trouble);
    assert.deepEqual(read, { told: expected, end: trouble === 'none' ? 'end' : ENDS[trouble] });
  }),
  subject('SSE without sense', fc.tuple(noise, cuts, cuts), async ([bytes, here, there]) => {
    const one = await readAll(piecesOf(bytes, here), 'none');
    assert.deepEqual(one, await readAll(piecesOf(bytes, there), 'none'));
    assert.equal(one.end, 'end');
  }),
  subject(
    'progress of the hub',
    fc.array(bodies(progress(), progress()), { maxLength: 4 }),
    async (texts) => {
      const told: unknown[] = [];
      try {
        for await (const step of hubOf(texts).watchProgress(never)) told.push(step);
      } catch (error) {
        assertTyped(error);
      }
      for (const step of told) StepShape.parse(step);
    },
  ),
];

const ENDS = { cut: 'network cutShort', silent: 'timeout ' } as const;

function progress(): fc.Arbitrary<unknown> {
  return fc.record(
    {
      progress: fc.integer({ min: 0, max: 100 }),
      message: value,
      ready: fc.boolean(),
      failed: fc.boolean(),
      url: fc.constantFrom('/nb/user/vrubin/', 'https://vrubin.nb.data.example/nb/user/vrubin/'),
      html_message: value,
    },
    { requiredKeys: [] },
  );
}

const StepShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('step'), percent: z.number(), message: z.string() }),
  z.strictObject({ kind: z.literal('ready'), url: z.string() }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);

function piecesOf(bytes: Buffer, cutsAt: readonly number[]): readonly Buffer[] {
  const places = [0, ...cutsAt.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((to, index) => bytes.subarray(places[index], to));
}

function streamOf(pieces: readonly (Buffer | string)[], trouble: keyof typeof ENDS | 'none'): HttpStream {
  const body = Readable.from(
    (function* () {
      yield* pieces.map((piece) => Buffer.from(piece));
      if (trouble === 'cut') throw new Error('socket hang up');
      if (trouble === 'silent') throw Object.assign(new Error('quiet'), { name: 'BodyTimeoutError' });
    })(),
  );
  const headers = toHeaders({ 'content-type': 'text/event-stream' });
  return new HttpStream('GET /progress', new URL('https://hub.example/progress'), 200, headers, body);
}

async function readAll(
  pieces: readonly Buffer[],
  trouble: keyof typeof ENDS | 'none',
): Promise<{ readonly told: readonly unknown[]; readonly end: string }> {
  const told: unknown[] = [];
  const stream = streamOf(pieces, trouble);
  try {
    for await (const { event: name, data } of readEvents(stream, never)) told.push([name, data]);
    return { told, end: 'end' };
  } catch (error) {
    assertTyped(error);
    return { told, end: `${error.kind} ${error.reason ?? ''}` };
  } finally {
    assert.ok(stream.body.destroyed, 'the connection is kept');
  }
}

function hubOf(texts: readonly (string | Buffer)[]): JupyterHubClient {
  const pieces = texts.flatMap((text) => ['data: ', text, '\n\n']);
  const none = (): never => {
    throw new RequestFailure('notFound', 'GET /');
  };
  const connection: Connection = {
    username: 'vrubin',
    hub: none,
    openHub: () => Promise.resolve(streamOf(pieces, 'none')),
    toLabUrl: none,
    enterLab: none,
    enteredLab: undefined,
    lab: none,
    socketHeaders: none,
  };
  return new JupyterHubClient(connection);
}
