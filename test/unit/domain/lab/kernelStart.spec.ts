import assert from 'node:assert/strict';
import { tellingKernelStarts } from '../../../../src/domain/lab/kernelStart';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import type { LabFetch } from '../../../../src/protocol/jupyter/clientCall';
import { RequestFailure } from '../../../../src/protocol/http/failures';

describe('a kernel that does not start', () => {
  const site = { host: 'data.example', name: 'example' };
  const sessions = 'https://data.example/nb/user/vrubin/api/sessions?1';
  const abort = new DOMException('left', 'AbortError');

  /** What the person is told, and what the client gets. */
  async function outcome(
    fetch: LabFetch,
    input: Parameters<LabFetch>[0] = { url: sessions, method: 'POST' },
  ): Promise<unknown> {
    const told: string[] = [];
    const own = tellingKernelStarts(fetch, site, ({ message }) => void told.push(message));
    const got = await own(input).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error ? error.message : undefined),
    );
    return [told, got];
  }
  const answers = (status: number) => (): Promise<Response> =>
    Promise.resolve(new Response(null, { status }));
  const fails = (error: Error) => (): Promise<Response> => Promise.reject(error);

  it('is told of in words that fit, and the client gets the same ones', async () => {
    const slow = sentenceOf({ kind: 'kernelSlow', siteName: 'example' });
    const cut = sentenceOf({ kind: 'connectionCut', host: 'data.example' });
    assert.deepEqual(
      [
        await outcome(answers(201)),
        await outcome(answers(424)),
        await outcome(answers(503)),
        await outcome(answers(501)),
        await outcome(answers(500)),
        await outcome(fails(new RequestFailure('timeout', 'POST x'))),
        await outcome(fails(new RequestFailure('network', 'POST x'))),
      ],
      [
        [[], 201],
        [[sentenceOf({ kind: 'labGone', siteName: 'example' })], 424],
        [[sentenceOf({ kind: 'labAway', siteName: 'example' })], 503],
        [[sentenceOf({ kind: 'kernelMissing', siteName: 'example' })], 501],
        [[sentenceOf({ kind: 'kernelNotStarted', siteName: 'example', status: 500 })], 500],
        [[slow], slow],
        [[cut], cut],
      ],
    );
  });

  it('is told of neither to somebody who has left, nor for anything else that goes wrong', async () => {
    const failure = new RequestFailure('timeout', 'GET x');
    assert.deepEqual(
      [
        await outcome(fails(abort)),
        await outcome(answers(500), sessions),
        await outcome(answers(500), { url: sessions.replace('sessions', 'contents'), method: 'POST' }),
        await outcome(fails(failure), new URL(sessions)),
      ],
      [
        [[], 'left'],
        [[], 500],
        [[], 500],
        [[], failure.message],
      ],
    );
  });
});
