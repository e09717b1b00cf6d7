import assert from 'node:assert/strict';
import type { Finding } from '../../../../src/domain/diagnosis/diagnosis';
import { summaryOf, toReport } from '../../../../src/domain/diagnosis/report';
import type { SiteKind } from '../../../../src/domain/personality/traits';
import { TOKEN } from '../../../fakes/samples';

const RSP = { kind: 'rsp' } as const;

describe('the report of a diagnosis', () => {
  const finding = (changes: Partial<Finding>): Finding => ({
    layer: 'hub',
    verdict: 'good',
    sentence: 'Fine.',
    tookMs: 12,
    ...changes,
  });
  const report = (findings: readonly Finding[], message = 'Pulling image', kind: SiteKind = 'rsp'): string =>
    toReport({
      site: { kind, host: 'data.example' },
      findings,
      surroundings: { Jupyter: '2026.6.1' },
      image: 'reg/lab:w_2026_30',
      steps: [{ percent: 35, severity: 'info', message }],
      at: new Date(Date.UTC(2026, 7, 21)),
    });

  it('tells each layer with result, time and words, and what is around', () => {
    const text = report([finding({}), finding({ layer: 'lab', verdict: 'skipped', sentence: 'No | lab.' })]);
    for (const line of [
      '| Hub | ✓\u00a0good | 12\u00a0ms | Fine. |',
      '| Lab | –\u00a0not\u00a0tried |  | No \\| lab. |',
      '- Jupyter: 2026.6.1',
      '- Image of the lab: reg/lab:w_2026_30',
      '- 35 %, info: Pulling image',
    ])
      assert.ok(text.split('\n').includes(line), line);
  });

  it('speaks of a server at a plain hub, which says nothing of images', () => {
    const text = report([finding({ layer: 'lab' })], 'Pulling image', 'hub');
    assert.deepEqual(
      [/\blab/i.test(text), text.includes('| Server | '), text.includes('- Image')],
      [false, true, false],
    );
  });

  it('holds no secret, whatever servers said', () => {
    const text = report([finding({ sentence: `token ${TOKEN}` })], `cookie _xsrf=abcdefgh12345678 ${TOKEN}`);
    assert.equal(text.includes(TOKEN.slice(26)) || text.includes('abcdefgh12345678'), false);
  });

  it('is summed up by what is broken, else by how much deserves a look', () => {
    const looks = finding({ verdict: 'warning' });
    assert.deepEqual(
      [
        summaryOf([finding({}), looks, finding({ layer: 'lab', verdict: 'broken', sentence: 'Gone.' })], RSP),
        summaryOf([finding({}), looks], RSP),
        summaryOf([finding({}), looks, looks], RSP),
        summaryOf([finding({})], RSP),
      ],
      [
        'Lab: Gone.',
        'Everything that could be tried works; one thing deserves a look.',
        'Everything that could be tried works; 2 things deserve a look.',
        'Everything that could be tried works.',
      ],
    );
  });
});
