import assert from 'node:assert/strict';
import { redact } from '../../../src/common/redact';
import type { Problem } from '../../../src/domain/problems/problem';
import { sentenceOf } from '../../../src/domain/problems/sentences';
import { TOKEN } from '../../fakes/samples';
import { PROBLEMS } from '../../fakes/problems';

describe('redact', () => {
  const cases: Readonly<Record<string, readonly [text: string, redacted: string]>> = {
    'keeps the public part of a token': [
      `of ${TOKEN}, it seems`,
      'of gt-abcdefghijklmnopqrstuv.[secret], it seems',
    ],
    'knows authorization codes': [
      'gc-abcdefghijklmnopqrstuv.0123456789',
      'gc-abcdefghijklmnopqrstuv.[secret]',
    ],
    'finds a token in an address, percent signs or not': [
      `GET /x?rd=https%3A%2F%2Fh%2F${TOKEN}%3F`,
      'GET /x?rd=https%3A%2F%2Fh%2Fgt-abcdefghijklmnopqrstuv.[secret]%3F',
    ],
    'blots out other authorization values': [
      'Authorization: Bearer c2VjcmV0LXZhbHVl',
      'Authorization: Bearer [secret]',
    ],
    'blots out basic authorization': ['basic dnJ1YmluOnNlY3JldA==', 'basic [secret]'],
    'blots out a Jupyter token': ['token 0123456789abcdef0123456789abcdef', 'token [secret]'],
    'blots out whole cookie headers': ['Set-Cookie: a=b; c=d\r\nnext', 'Set-Cookie: [secret]\r\nnext'],
    'blots out XSRF values': ['_xsrf=2|ab|cd|ef&x=1', '_xsrf=[secret]&x=1'],
    'blots out XSRF headers': ['x-xsrftoken: 2|abcdef|cd|ef', 'x-xsrftoken: [secret]'],
    'blots out OAuth codes and states': [
      '/oauth_callback?code=abc123&state=def456',
      '/oauth_callback?code=[secret]&state=[secret]',
    ],
    'blots out values in JSON': [
      '{"token": "abcdefghijkl", "password":"x", "n": 1}',
      '{"token": "[secret]", "password":"[secret]", "n": 1}',
    ],
    "blots out JupyterHub's cookies": [
      'jupyterhub-user-vrubin=2|1:0|10:1|abc; jupyterhub-session-id=abcdef',
      'jupyterhub-user-vrubin=[secret]; jupyterhub-session-id=[secret]',
    ],
    'leaves other text alone': ['Pulling image "reg/lab:w_2026_30"', 'Pulling image "reg/lab:w_2026_30"'],
  };
  for (const [claim, [text, redacted]] of Object.entries(cases)) {
    it(claim, () => assert.equal(redact(text), redacted));
  }

  it('does the same to what it has done already', () => {
    const once = Object.values(cases).map(([text]) => redact(text));
    assert.deepEqual(once.map(redact), once);
  });

  it('leaves every sentence of our own as it is', () => {
    const mangled = PROBLEMS.map((problem: Problem) => sentenceOf(problem)).filter(
      (text) => redact(text) !== text,
    );
    assert.deepEqual(mangled, []);
  });

  it('leaves what the ingress and the log say in words as it is', () => {
    const lines = [
      'Remaining token lifetime too short',
      'Token is not valid',
      'vrubin signed in to data.example with the token gt-abcdefghijklmnopqrstuv',
      'Lab of vrubin: the state is pending',
    ];
    assert.deepEqual(lines.map(redact), lines);
  });
});
