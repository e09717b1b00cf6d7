import assert from 'node:assert/strict';
import { ProblemError, toProblem } from '../../../../src/domain/problems/problems';
import { remediesOf } from '../../../../src/domain/problems/remedies';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import type { CertificateFault } from '../../../../src/protocol/http/certificates';
import { RequestFailure, type FailureKind, type FailureReason } from '../../../../src/protocol/http/failures';
import type { Problem, ProblemKind } from '../../../../src/domain/problems/problem';
import { PROBLEMS } from '../../../fakes/problems';

/** What only a controller, its images, its quotas or its scopes can lead to. */
const ONLY_RSP: readonly ProblemKind[] = [
  'scopeMissing',
  'notebooksUnavailable',
  'spawnForbidden',
  'imagePullFailed',
  'noRoom',
  'noSpace',
  'volumeFailed',
  'labCrashed',
  'spawnConflict',
  'spawnTimedOut',
  'labSilent',
  'spawnCancelled',
  'spawnFailed',
];

describe('what people read', () => {
  it('is a sentence of its own for each problem', () => {
    const sentences = PROBLEMS.map((problem) => sentenceOf(problem));
    assert.deepEqual([new Set(sentences).size, sentences.length], [PROBLEMS.length, PROBLEMS.length]);
  });

  it('is whole sentences, without anything that is missing or was not put into words', () => {
    const odd = PROBLEMS.map((problem) => sentenceOf(problem)).filter(
      (sentence) =>
        !/^[A-Za-z].*[.]$/.test(sentence) || /undefined|null|NaN|\[object|Error|\s\s/.test(sentence),
    );
    assert.deepEqual(odd, []);
  });

  it('holds the facts that tell what to do', () => {
    const told = PROBLEMS.map((problem) => sentenceOf(problem)).join('\n');
    const facts = ['exec:notebook', '2026-01-02', 'another', 'status 502', 'in 30 s', 'no node left', 'gt-'];
    assert.deepEqual(
      facts.filter((fact) => !told.includes(fact)),
      [],
    );
  });

  it('does without facts that nobody knows', () => {
    assert.deepEqual(
      [
        sentenceOf({ kind: 'busy', host: 'h', retryAfterMs: undefined }),
        sentenceOf({ kind: 'siteDown', host: 'h', status: undefined }),
        sentenceOf({ kind: 'spawnFailed', siteName: 's', words: '' }),
        sentenceOf({
          kind: 'kernelEnded',
          siteName: 's',
          notebook: undefined,
          notebookUri: undefined,
          memoryGib: undefined,
        }),
      ].filter((sentence) => /undefined|\(|: [.]|in [.]/.test(sentence)),
      [],
    );
  });

  it('speaks of servers where a plain hub may have the problem', () => {
    const speaks = PROBLEMS.filter((problem) => /\blabs?\b/i.test(sentenceOf(problem, { kind: 'hub' })));
    assert.deepEqual(
      speaks.map(({ kind }) => kind).filter((kind) => !ONLY_RSP.includes(kind)),
      [],
    );
  });

  it('is the message of the error that carries the problem', () => {
    const messages = PROBLEMS.map((problem) => new ProblemError(problem).message);
    assert.deepEqual(
      messages,
      PROBLEMS.map((problem) => sentenceOf(problem)),
    );
  });

  it('names what is wrong with a certificate, and whose it is', () => {
    const faults: Readonly<Record<CertificateFault, string>> = {
      unknownIssuer: 'an authority that this computer does not trust',
      selfSigned: 'signed by itself',
      expired: 'expired',
      notYetValid: 'not valid yet',
      wrongName: 'another name',
      revoked: 'revoked',
      unusable: 'not trusted',
      noEncryption: 'not encrypted',
    };
    const told = (Object.keys(faults) as CertificateFault[]).map((fault) => [
      sentenceOf({ kind: 'certificate', host: 'h.example', fault }),
      sentenceOf({ kind: 'proxyCertificate', proxy: 'p.example:1', fault }),
    ]);
    const odd = told.filter(
      ([site = '', proxy = ''], index) =>
        !site.startsWith('The certificate of h.example ') ||
        !proxy.startsWith('The certificate of the proxy p.example:1 ') ||
        ![site, proxy].every((each) => each.includes(Object.values(faults)[index] ?? '?')),
    );
    assert.deepEqual([odd, new Set(told.flat()).size], [[], 16]);
  });

  it('names the proxy at which it failed, and where to change that', () => {
    const words = PROBLEMS.filter(({ kind }) => kind.startsWith('proxy')).map((problem) => [
      sentenceOf(problem).includes('proxy.example:3128'),
      remediesOf(problem)[0],
    ]);
    assert.deepEqual(words, Array(4).fill([true, 'openProxySettings']));
  });

  it('comes with a new token as the next step exactly where only that helps', () => {
    const kinds = PROBLEMS.filter((problem) => remediesOf(problem).includes('newToken')).map(
      ({ kind }) => kind,
    );
    assert.deepEqual(kinds, [
      'tokenUnknown',
      'tokenExpired',
      'tokenTooShort',
      'scopeMissing',
      'scopesNotGranted',
      'successorUnfit',
      'sharedKeyForbidden',
    ]);
  });
});

describe('the failure of a start', () => {
  it('offers more than one way on, three at most', () => {
    const rows = PROBLEMS.filter(({ kind }) =>
      /^(spawn(Failed|TimedOut)|pullTooSlow|imagePullFailed|no(Room|Space)|lab(Silent|Crashed)|volumeFailed)$/.test(
        kind,
      ),
    );
    const odd = rows.filter((problem) => !isBetween(2, remediesOf(problem).length, 3));
    assert.deepEqual([rows.length, odd], [9, []]);
  });

  it('that a choice caused leads straight to that choice', () => {
    const first = (kind: Problem['kind']): unknown => {
      const problem = PROBLEMS.find((one) => one.kind === kind);
      return problem && remediesOf(problem)[0];
    };
    assert.deepEqual(
      [
        first('quotaTooSmall'),
        first('noRoom'),
        first('imageUnknown'),
        first('pullTooSlow'),
        first('labSilent'),
      ],
      ['otherSize', 'otherSize', 'otherImage', 'fastImage', 'resetEnvironment'],
    );
  });
});

describe('a failed request', () => {
  const site = { host: 'data.example', name: 'example' };
  const proxy = 'proxy.example:3128';
  const problem = (kind: FailureKind, reason?: FailureReason, facts: object = {}): string =>
    toProblem(new RequestFailure(kind, 'GET /x', { reason, ...facts }), site).kind;

  it('means for a person what its kind and reason say', () => {
    const rows: readonly (readonly [string, string])[] = [
      [problem('unauthorized', 'tokenInvalid'), 'tokenUnknown'],
      [problem('unauthorized', 'signInPage'), 'tokenUnknown'],
      [problem('unauthorized', 'tokenTooShort'), 'tokenTooShort'],
      [problem('forbidden', 'scopeMissing', { missingScopes: ['a'] }), 'scopeMissing'],
      [problem('forbidden', 'wrongUser'), 'wrongUser'],
      [problem('forbidden'), 'signInNotKept'],
      [problem('notFound', 'labGone'), 'labGone'],
      [problem('notFound'), 'refused'],
      [problem('refused'), 'refused'],
      [problem('refused', 'rateLimited'), 'busy'],
      [problem('server'), 'siteDown'],
      [problem('timeout'), 'noAnswer'],
      [problem('network', 'unknownHost'), 'hostUnknown'],
      [problem('network', 'connectionRefused'), 'hostRefuses'],
      [problem('network', 'certificate'), 'certificate'],
      [problem('network', 'proxyUnreachable', { proxy }), 'proxyUnreachable'],
      [problem('network', 'proxyCertificate', { proxy, certificate: 'expired' }), 'proxyCertificate'],
      [problem('network', 'proxySignIn', { proxy, status: 407 }), 'proxySignIn'],
      [problem('network', 'proxyRefuses', { proxy, status: 502 }), 'proxyRefuses'],
      [problem('network', 'cutShort'), 'connectionCut'],
      [problem('network'), 'connectionCut'],
      [problem('protocol', 'notJson'), 'notJson'],
      [problem('protocol', 'brokenJson'), 'brokenJson'],
      [problem('protocol', 'foreignRedirect'), 'strangeRedirect'],
      [problem('protocol', 'redirectLoop'), 'strangeRedirect'],
      [problem('protocol', 'cookiesStale'), 'signInNotKept'],
      [problem('protocol', 'unexpectedShape'), 'strangeAnswer'],
      [problem('protocol', 'tooLarge'), 'strangeAnswer'],
    ];
    assert.deepEqual(
      rows.filter(([is, meant]) => is !== meant),
      [],
    );
  });

  it('that took longer than we wait has had no answer, whoever set the limit', () => {
    const tooLong = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    assert.deepEqual(toProblem(tooLong, site), { kind: 'noAnswer', host: site.host });
  });

  it('is unexpected when nobody thought of it, and stays what it is when somebody did', () => {
    const known = new ProblemError({ kind: 'labStopping', siteName: 'example' });
    assert.deepEqual(
      [toProblem(new TypeError('x'), site), toProblem('text', site), toProblem(known, site)],
      [{ kind: 'unexpected' }, { kind: 'unexpected' }, known.problem],
    );
  });
});

function isBetween(least: number, count: number, most: number): boolean {
  return least <= count && count <= most;
}
