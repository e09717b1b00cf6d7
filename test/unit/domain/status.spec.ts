import assert from 'node:assert/strict';
import type { NamedServer } from '../../../src/domain/accounts/account';
import type { LabState } from '../../../src/domain/lab/labState';
import { timeOfDay } from '../../../src/domain/lab/labWords';
import { accountAt } from '../../../src/domain/servers/namedServer';
import { toShared } from '../../../src/domain/servers/sharedWords';
import { statusOf, type AccountLab } from '../../../src/domain/status';
import type { LabVitals } from '../../../src/protocol/jupyter/labClient';
import { sampleAccount } from '../../fakes/samples';

const HOUR_MS = 3_600_000;
const GIB = 1024 ** 3;

describe('the status', () => {
  const nowMs = Date.UTC(2026, 7, 21, 12);
  const account = sampleAccount({ tokenExpires: new Date(nowMs + 96 * HOUR_MS) });
  const address = { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' };
  const details = {
    status: 'running' as const,
    size: 'large',
    imageReference: 'reg/lab:w_2026_30@sha256:1',
    isDebug: false,
    hasResetEnvironment: false,
    limits: undefined,
  };
  const states = {
    unknown: { kind: 'unknown' },
    none: { kind: 'none' },
    starting: {
      kind: 'starting',
      sinceMs: nowMs - 90_000,
      steps: [{ percent: 35, severity: 'info', message: 'Pulling [it](command:x) | *now*' }],
    },
    running: { kind: 'running', address, details },
    stopping: { kind: 'stopping' },
    failed: { kind: 'failed', problem: { kind: 'spawnCancelled', siteName: 'example' }, steps: [] },
  } satisfies Record<LabState['kind'], LabState>;
  const known = (lab: LabState, changes: Partial<AccountLab> = {}): AccountLab => ({
    account,
    lab,
    vitals: { kind: 'loading' },
    limits: { maxAgeHours: undefined, maxIdleHours: undefined },
    ...changes,
  });
  const status = (...labs: readonly LabState[]) =>
    statusOf(
      labs.map((lab) => known(lab)),
      nowMs,
      true,
    );
  const using = (percent: number, changes: Partial<AccountLab> = {}): AccountLab => {
    const value: LabVitals = {
      memoryBytes: (percent / 100) * 16 * GIB,
      memoryLimitBytes: 16 * GIB,
      cpuCores: 1.5,
      cpuLimitCores: 4,
    };
    return known(states.running, { vitals: { kind: 'known', value }, vitalsAtMs: nowMs, ...changes });
  };

  it('says in short how the lab is, in full for who listens', () => {
    const told = Object.entries(states).map(([kind, lab]) => {
      const { text, spoken } = status(lab) ?? {};
      return [kind, text, spoken];
    });
    assert.deepEqual(told, [
      ['unknown', undefined, undefined],
      ['none', '$(vm-outline) data.example no lab', 'Your lab on example is not running. Token: 4 days left'],
      [
        'starting',
        '$(loading~spin) data.example 35 %',
        'Your lab on example is starting, 35 %. For: 90 seconds. Last event: Pulling [it](command:x) | *now*. Token: 4 days left',
      ],
      [
        'running',
        '$(vm-running) data.example w_2026_30, large',
        'Your lab on example is running. Image: w_2026_30. Size: large. Started: 2 hours ago. Token: 4 days left',
      ],
      [
        'stopping',
        '$(loading~spin) data.example stopping',
        'Your lab on example is stopping. Token: 4 days left',
      ],
      [
        'failed',
        '$(error) data.example lab failed',
        'The start of your lab on example was cancelled. Token: 4 days left',
      ],
    ]);
  });

  it('calls nobody’s own what others shared, and no server of several the only one', () => {
    const at = (server: NamedServer, lab: LabState): unknown => {
      const account = accountAt(known(lab).account, server);
      const { text, spoken } = statusOf([known(lab, { account })], nowMs, true) ?? {};
      return [text, spoken?.split('. ')[0]];
    };
    const bobs = toShared({ owner: 'bob', name: 'gpu' });
    const where = 'gpu, shared by bob on data.example';
    assert.deepEqual(
      [
        at(bobs, { ...states.running, details: undefined }),
        at(bobs, { kind: 'none' }),
        at(bobs, { kind: 'none', isWithdrawn: true }),
        at({ name: 'gpu', label: 'gpu' }, { kind: 'none' }),
      ],
      [
        [`$(vm-running) ${where}`, 'The lab on example (gpu, shared by bob) is running'],
        [`$(vm-outline) ${where} not running`, 'The lab on example (gpu, shared by bob) is not running'],
        [
          `$(vm-outline) ${where} not shared any more`,
          'The lab on example (gpu, shared by bob) is not shared with you any more',
        ],
        ['$(vm-outline) gpu on data.example not running', 'Your lab on example (gpu) is not running'],
      ],
    );
  });

  it('says all that is known of a lab that runs, in a table', () => {
    const full = statusOf(
      [
        using(62, {
          lab: { ...states.running, lastActivityAt: '2026-08-21T11:30:00Z' },
          limits: { maxAgeHours: 120, maxIdleHours: 25 },
          keptBusyUntilMs: nowMs + HOUR_MS,
        }),
      ],
      nowMs,
      false,
    );
    assert.deepEqual(full?.markdown.split('\n'), [
      '**Your lab on example is running**',
      '',
      '| | |',
      '|:--|:--|',
      '| Image | w\\_2026\\_30 |',
      '| Size | large |',
      '| Memory | 9.9 of 16 GiB, 62 % |',
      '| Processors | 1.5 of 4 |',
      '| Started | 2 hours ago |',
      '| Removed for its age | in 4 days |',
      '| Removed if idle | in 24 hours |',
      `| Kept busy | until ${timeOfDay(nowMs + HOUR_MS)} |`,
      '| Token | 4 days left |',
    ]);
  });

  it('shows words of a server as they are', () => {
    const row = status(states.starting)
      ?.markdown.split('\n')
      .find((line) => line.includes('Last event'));
    assert.equal(row, '| Last event | Pulling \\[it\\]\\(command:x\\) \\| \\*now\\* |');
  });

  it('warns from 80 % of the memory, and more from 92 %', () => {
    const told = [79.9, 80, 91.9, 92].map((percent) => {
      const { text, severity } = statusOf([using(percent)], nowMs, false) ?? {};
      return [text?.replace('$(vm-running) data.example w_2026_30, large, ', ''), severity];
    });
    assert.deepEqual(told, [
      ['79 % memory', 'calm'],
      ['$(warning) 80 % memory', 'warning'],
      ['$(warning) 91 % memory', 'warning'],
      ['$(warning) 92 % memory', 'error'],
    ]);
  });

  it('says nothing of memory that was measured long ago, or that nothing limits', () => {
    const unlimited = {
      memoryBytes: GIB,
      memoryLimitBytes: undefined,
      cpuCores: undefined,
      cpuLimitCores: undefined,
    };
    const told = [
      using(95, { vitalsAtMs: nowMs - 5 * 60_000 - 1 }),
      using(95, { vitals: { kind: 'known', value: unlimited } }),
    ].map((lab) => statusOf([lab], nowMs, false));
    assert.deepEqual(
      told.map((each) => [each?.text, each?.severity]),
      Array(2).fill(['$(vm-running) data.example w_2026_30, large', 'calm']),
    );
  });

  it('is quiet while no lab runs and no notebook is open', () => {
    const quiet = [states.none, states.unknown, states.running].map(
      (lab) => statusOf([known(lab)], nowMs, false)?.text,
    );
    assert.deepEqual(quiet, [undefined, undefined, '$(vm-running) data.example w_2026_30, large']);
  });

  it('says when the site does not accept the token any more', () => {
    const refused = statusOf([known(states.none, { account: { ...account, isRefused: true } })], nowMs, true);
    assert.equal(refused?.spoken, 'Your lab on example is not running. Token: not accepted any more');
  });

  it('does without what is not known', () => {
    assert.deepEqual(
      [
        status({ kind: 'running', address, details: undefined })?.text,
        status({ kind: 'starting', sinceMs: 0, steps: [] })?.text,
        status(),
      ],
      ['$(vm-running) data.example', '$(loading~spin) data.example 0 %', undefined],
    );
  });

  it('lets the lab that says most stand for all, and of those that run the one that needs attention', () => {
    const { unknown, none, running, stopping, starting, failed } = states;
    const shown = [
      [unknown, none],
      [none, running],
      [running, stopping],
      [stopping, starting],
      [starting, failed],
    ].map((labs) => status(...labs)?.text);
    const meant = [none, running, stopping, starting, failed].map((lab) => status(lab)?.text);
    const busiest = statusOf([using(10), using(81), using(95)], nowMs, false)?.severity;
    assert.deepEqual([shown, busiest], [meant, 'error']);
  });

  it('tells of the server of the notebook in front, whatever the others have to say', () => {
    const beside = { ...account, id: `${account.id}#/beside`, server: { name: 'beside', label: 'Beside' } };
    const labs = [known(states.failed), known(states.running, { account: beside })];
    const told = [beside.id, account.id, undefined, 'gone'].map((front) => {
      const { text, accountId } = statusOf(labs, nowMs, true, front) ?? {};
      return [text, accountId];
    });
    assert.deepEqual(told, [
      ['$(vm-running) Beside on data.example w_2026_30, large', beside.id],
      ['$(error) data.example lab failed', account.id],
      ['$(error) data.example lab failed', undefined],
      ['$(error) data.example lab failed', undefined],
    ]);
  });

  it('tells of another lab while nobody knows how the one of the notebook in front stands', () => {
    const beside = { ...account, id: `${account.id}#/beside` };
    const labs = [known(states.running), known(states.unknown, { account: beside })];
    const { text, accountId } = statusOf(labs, nowMs, true, beside.id) ?? {};
    assert.deepEqual([text, accountId], ['$(vm-running) data.example w_2026_30, large', undefined]);
  });
});
