import assert from 'node:assert/strict';
import { z } from 'zod';
import { HttpAnswer, toHeaders } from '../../../../src/protocol/http/answer';

describe('an answer', () => {
  const url = new URL('https://data.example/auth/api/v1/user-info?secret=1');
  const answer = (
    status: number,
    body: string,
    headers: Record<string, string | string[]> = {},
  ): HttpAnswer =>
    new HttpAnswer('GET /auth/api/v1/user-info', url, status, toHeaders(headers), Buffer.from(body));

  it('is JSON of the wanted shape, or a failure that tells which it is not', () => {
    const schema = z.object({ user: z.object({ name: z.string() }) });
    const read = (body: string): unknown => {
      try {
        return answer(200, body).json(schema);
      } catch (error) {
        return error instanceof Error
          ? [error.message, error.cause instanceof Error ? error.cause.message : undefined]
          : error;
      }
    };
    const name = 'GET /auth/api/v1/user-info failed: protocol';
    assert.deepEqual(
      ['{"user": {"name": "v", "more": 1}}', '{"user": {"na', '{"user": {"name": 1}}', '"text"'].map(read),
      [
        { user: { name: 'v' } },
        [`${name} (brokenJson)`, undefined],
        [`${name} (unexpectedShape)`, 'unexpected: user.name'],
        [`${name} (unexpectedShape)`, 'unexpected: the whole value'],
      ],
    );
  });

  it('tells a page from JSON that is broken', () => {
    const reasons = ['<!DOCTYPE html><p>Sign in', '  <html>', '', 'plain words', '{"a":'].map((body) => {
      try {
        return answer(200, body).json(z.unknown());
      } catch (error) {
        return error instanceof Error ? /\((\w+)\)/.exec(error.message)?.[1] : error;
      }
    });
    assert.deepEqual(reasons, ['notJson', 'notJson', 'brokenJson', 'brokenJson', 'brokenJson']);
  });

  it('leads on only with a redirect status and a location', () => {
    const leads = [
      answer(302, '', { location: '/x' }),
      answer(303, '', { location: 'https://other.example/y' }),
      answer(200, '', { location: '/x' }),
      answer(302, ''),
      answer(302, '', { location: 'http://[' }),
    ].map((each) => each.redirectsTo?.href);
    assert.deepEqual(leads, [
      'https://data.example/x',
      'https://other.example/y',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps several cookies apart and joins other headers', () => {
    const headers = toHeaders({ 'Set-Cookie': undefined, 'set-cookie': ['a=1', 'b=2'], 'X-Two': ['1', '2'] });
    assert.deepEqual(
      [headers.setCookies, headers.get('x-two'), headers.get('X-TWO')],
      [['a=1', 'b=2'], '1, 2', '1, 2'],
    );
  });
});
