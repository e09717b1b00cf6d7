import assert from 'node:assert/strict';
import { byNewest, readImageTag } from '../../../../src/domain/lab/imageTags';

describe('the tag of an image', () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
  /** What a tag tells, without what it does not. */
  const read = (tag: string, name = tag): unknown => {
    const known = Object.entries(readImageTag(`reg.example:5000/a/lab:${tag}@sha256:1`, name));
    return Object.fromEntries(known.filter(([what, value]) => value !== undefined && what !== 'tag'));
  };

  const cases: readonly [tag: string, told: object][] = [
    ['r30_0_1', { kind: 'release', numbers: [30, 0, 1] }],
    ['r30_0_10_rsp2991', { kind: 'release', numbers: [30, 0, 10], rspBuild: 2991 }],
    ['r29_2_0_rsp19-arm64', { kind: 'release', numbers: [29, 2, 0], rspBuild: 19, architecture: 'arm64' }],
    ['r29_2_0_hotfix', { kind: 'release', numbers: [29, 2, 0], extra: 'hotfix' }],
    ['r170', { kind: 'release', numbers: [17, 0] }],
    ['r31_0_0_rc2_rsp3004', { kind: 'candidate', numbers: [31, 0, 0], candidate: 2, rspBuild: 3004 }],
    ['w_2026_30', { kind: 'weekly', numbers: [2026, 30], dateMs: day('2026-07-23') }],
    ['w_2021_01', { kind: 'weekly', numbers: [2021, 1], dateMs: day('2021-01-07') }],
    ['w_2020_53', { kind: 'weekly', numbers: [2020, 53], dateMs: day('2020-12-31') }],
    [
      'w_2026_30-amd64',
      { kind: 'weekly', numbers: [2026, 30], dateMs: day('2026-07-23'), architecture: 'amd64' },
    ],
    ['d_2026_07_20', { kind: 'daily', numbers: [2026, 7, 20], dateMs: day('2026-07-20') }],
    [
      'w_2026_30_c0044.003',
      { kind: 'telescope', numbers: [2026, 30], dateMs: day('2026-07-23'), cycle: 44, cycleBuild: 3 },
    ],
    [
      'd_2026_07_20_c0044.003_rsp19_20260721',
      {
        kind: 'telescope',
        numbers: [2026, 7, 20],
        dateMs: day('2026-07-20'),
        cycle: 44,
        cycleBuild: 3,
        rspBuild: 19,
        extra: '20260721',
      },
    ],
    [
      'exp_w_2026_30_nosudo',
      { kind: 'experimental', numbers: [2026, 30], dateMs: day('2026-07-23'), extra: 'nosudo' },
    ],
    ['exp_random', { kind: 'experimental', numbers: [] }],
    ['recommended', { kind: 'recommended', numbers: [] }],
    ['recommended_c0044', { kind: 'recommended', numbers: [], cycle: 44 }],
    ['latest_weekly', { kind: 'alias', numbers: [] }],
    ['latest', { kind: 'alias', numbers: [] }],
    ['latest_daily_c0044-arm64', { kind: 'alias', numbers: [], cycle: 44, architecture: 'arm64' }],
    ['ticket_dm_54321', { kind: 'unknown', numbers: [] }],
    ['w_2026_54', { kind: 'unknown', numbers: [] }],
    ['d_2026_02_30', { kind: 'unknown', numbers: [] }],
    ['exp_', { kind: 'unknown', numbers: [] }],
    ['MiXeD_CaSe', { kind: 'unknown', numbers: [] }],
    ['recommendable', { kind: 'unknown', numbers: [] }],
  ];
  for (const [tag, told] of cases) {
    it(`tells what ${tag} is`, () => assert.deepEqual(read(tag), told));
  }

  it('gives way to the description where it tells nothing', () => {
    assert.deepEqual(
      [
        read('stable', 'Recommended (Release r30.0.1)'),
        read('stable', 'Stable (Release r30.0.1)'),
        read('x1', 'Weekly 2026_30 (RSP Build 2991)'),
        read('x1', 'Daily 2026_07_20'),
        read('x1', 'Release Candidate r31.0.0-rc2'),
        read('x1', 'Daily bread'),
        read('w_2026_30', 'Recommended'),
      ],
      [
        { kind: 'recommended', numbers: [] },
        { kind: 'alias', numbers: [] },
        { kind: 'weekly', numbers: [2026, 30], dateMs: day('2026-07-23') },
        { kind: 'daily', numbers: [2026, 7, 20], dateMs: day('2026-07-20') },
        { kind: 'candidate', numbers: [31, 0, 0], candidate: 2 },
        { kind: 'unknown', numbers: [] },
        { kind: 'weekly', numbers: [2026, 30], dateMs: day('2026-07-23') },
      ],
    );
  });

  it('sorts newest first', () => {
    const sorted = [
      'd_2026_10_01',
      'w_2026_30',
      'd_2026_07_20',
      'r31_0_0_rc2',
      'r31_0_0_rc1',
      'r30_0_10_c0045.001',
      'r30_0_10_c0044.003_rsp2',
      'r30_0_10_c0044.003',
      'r30_0_10_rsp103',
      'r30_0_10_rsp29_foo',
      'r30_0_10_rsp29_foo-amd64',
      'r30_0_10_rsp29',
      'r30_0_9',
      'r170',
    ].map((tag) => readImageTag(`reg/lab:${tag}`, tag));
    assert.deepEqual([...sorted].reverse().sort(byNewest), sorted);
  });
});
