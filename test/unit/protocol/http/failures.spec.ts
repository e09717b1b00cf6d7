import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { kindOfStatus, RequestFailure, retryAfterMs } from '../../../../src/protocol/http/failures';

describe('a failed request', () => {
  it('is called by method and path, and shows nothing the server said', () => {
    const failure = new RequestFailure('refused', 'POST /nb/hub/api', {
      status: 400,
      serverText: 'their words',
    });
    assert.deepEqual(
      [failure.message, failure.serverText, /their words/.test(inspect(failure) + JSON.stringify(failure))],
      ['POST /nb/hub/api failed: refused', 'their words', false],
    );
  });

  it('is of the kind that its status stands for', () => {
    const statuses = [401, 403, 404, 410, 400, 409, 429, 500, 503, 302];
    assert.deepEqual(statuses.map(kindOfStatus), [
      'unauthorized',
      'forbidden',
      'notFound',
      'notFound',
      'refused',
      'refused',
      'refused',
      'server',
      'server',
      'protocol',
    ]);
  });

  it('says how long to wait, from seconds or a date, never less than nothing and a day at most', () => {
    const nowMs = Date.parse('Fri, 21 Aug 2026 12:00:00 GMT');
    const headers = [
      '30',
      '0',
      '-5',
      'Fri, 21 Aug 2026 12:01:00 GMT',
      'Fri, 21 Aug 2026 11:00:00 GMT',
      'soon',
      undefined,
      '1e308',
      'Fri, 31 Dec 9999 23:59:59 GMT',
    ];
    assert.deepEqual(
      headers.map((header) => retryAfterMs(header, nowMs)),
      [30_000, 0, 0, 60_000, 0, undefined, undefined, 86_400_000, 86_400_000],
    );
  });
});
