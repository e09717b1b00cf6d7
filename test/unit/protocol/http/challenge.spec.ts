import assert from 'node:assert/strict';
import { HttpAnswer, toHeaders } from '../../../../src/protocol/http/answer';
import { ingressFailure } from '../../../../src/protocol/http/challenge';
import { CHALLENGES } from '../../../fakes/fakeRsp';

describe('what the ingress means', () => {
  const judge = (status: number, headers: Record<string, string> = {}): unknown => {
    const url = new URL('https://data.example/nb/hub/api/user');
    const answer = new HttpAnswer(
      'GET /nb/hub/api/user',
      url,
      status,
      toHeaders(headers),
      Buffer.from('<html>'),
    );
    const failure = ingressFailure(answer);
    return failure && [failure.kind, failure.reason, failure.missingScopes, failure.status];
  };
  const challenge = (value: string) => ({ 'www-authenticate': value });
  const login = { location: 'https://data.example/login?rd=https%3A%2F%2Fdata.example%2Fnb' };

  const rows: Readonly<Record<string, readonly [judged: unknown, meaning: unknown]>> = {
    'no credentials': [
      judge(401, challenge(CHALLENGES.anonymous)),
      ['unauthorized', 'tokenInvalid', [], 401],
    ],
    'a bad token': [judge(401, challenge(CHALLENGES.invalid)), ['unauthorized', 'tokenInvalid', [], 401]],
    'a token with too little life': [
      judge(401, challenge(CHALLENGES.short)),
      ['unauthorized', 'tokenTooShort', [], 401],
    ],
    'the redirect of browser routes': [judge(302, login), ['unauthorized', 'signInPage', [], 302]],
    'a bad token in a request of a script': [
      judge(403, challenge(CHALLENGES.invalid)),
      ['unauthorized', 'tokenInvalid', [], 403],
    ],
    'a short token in a request of a script': [
      judge(403, challenge(CHALLENGES.short)),
      ['unauthorized', 'tokenTooShort', [], 403],
    ],
    'no credentials in a request of a script': [
      judge(403, challenge(CHALLENGES.anonymous)),
      ['unauthorized', 'tokenInvalid', [], 403],
    ],
    'a missing scope': [
      judge(403, challenge(CHALLENGES.scope)),
      ['forbidden', 'scopeMissing', ['exec:notebook'], 403],
    ],
    'several missing scopes': [
      judge(403, challenge('Bearer realm="r", error="insufficient_scope", scope="exec:notebook  read:tap"')),
      ['forbidden', 'scopeMissing', ['exec:notebook', 'read:tap'], 403],
    ],
    "another person's address": [
      judge(403, challenge(CHALLENGES.wrongUser)),
      ['forbidden', 'wrongUser', [], 403],
    ],
    'the rate limit': [judge(429), ['refused', 'rateLimited', [], 429]],
    'a basic challenge': [
      judge(401, challenge('Basic realm="rsp"')),
      ['unauthorized', 'tokenInvalid', [], 401],
    ],
    'a challenge in other letters': [
      judge(403, challenge('bearer Realm="r", ERROR="insufficient_scope", Scope="exec:notebook"')),
      ['forbidden', 'scopeMissing', ['exec:notebook'], 403],
    ],
    "a server's own 403": [judge(403), undefined],
    "a server's own 401": [judge(401, challenge('Negotiate')), undefined],
    'a redirect to another page': [judge(302, { location: '/nb/hub/login' }), undefined],
    'a broken gateway': [judge(502), undefined],
    'a good answer': [judge(200, challenge(CHALLENGES.invalid)), undefined],
  };
  for (const [situation, [judged, meaning]] of Object.entries(rows)) {
    it(`knows ${situation}`, () => assert.deepEqual(judged, meaning));
  }
});
