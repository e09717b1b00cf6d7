import assert from 'node:assert/strict';
import type { LabVitals } from '../../../../src/protocol/jupyter/labClient';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { timeOfDay } from '../../../../src/domain/lab/labWords';
import type { LabState } from '../../../../src/domain/lab/labState';
import type { LabFacts } from '../../../../src/domain/rows/labFacts';
import { labRow } from '../../../../src/domain/rows/labRow';
import type { Row } from '../../../../src/domain/rows/row';
import { toHubSite } from '../../../../src/domain/sites/site';
import { plainTextOf } from '../../../../src/domain/rows/tip';
import { readLabForm } from '../../../../src/protocol/nublado/labForm';
import { labFormHtml, sampleAccount } from '../../../fakes/samples';

const HOUR_MS = 3_600_000;

describe('the row of a lab that runs', () => {
  const nowMs = Date.UTC(2026, 7, 21, 12);
  const loading = { kind: 'loading' } as const;
  const running = (imageReference: string, lastActivityAt?: string): LabState => ({
    kind: 'running',
    address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
    details: {
      status: 'running',
      size: 'large',
      imageReference,
      isDebug: false,
      hasResetEnvironment: true,
      limits: undefined,
    },
    ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
  });
  const facts = (changes: Partial<LabFacts> = {}): LabFacts => ({
    account: sampleAccount(),
    lab: running('reg/lab:recommended@sha256:a1'),
    sessions: loading,
    vitals: loading,
    abnormalStart: { kind: 'known', value: undefined },
    menu: { kind: 'known', value: readLabForm(labFormHtml()) as LabMenu },
    limits: { maxAgeHours: undefined, maxIdleHours: undefined },
    ...changes,
  });
  const below = (changes: Partial<LabFacts>): ReadonlyMap<string, string | undefined> =>
    new Map((labRow('a', facts(changes), nowMs).children ?? []).map(({ label, detail }) => [label, detail]));

  const told = (row: Row | undefined): string => (row?.tip ? plainTextOf(row.tip) : '');
  const child = (changes: Partial<LabFacts>, id: string): Row | undefined =>
    labRow('a', facts(changes), nowMs).children?.find((row) => row.id === `a/lab/${id}`);

  it('says what was chosen at a hub, in the words of here or of the hub, and each option of it', () => {
    const site = toHubSite(new URL('https://hub.example/jupyter/'));
    const lab: LabState = {
      kind: 'running',
      address: { url: site.hubUrl, startedAt: '' },
      details: undefined,
    };
    const startedWith = { profile: 'gpu', hours: 4, token: '' };
    const usual = { kind: 'form', name: 'GPU, 4 hours', options: startedWith } as const;
    const at = { account: { site }, lab };
    const chosen = [{ startedWith }, { startedWith, usual }, { startedWith: { profile: 'cpu' }, usual }, {}];
    assert.deepEqual(
      [
        chosen.map((each) => below({ ...at, ...each }).get('Chosen')),
        told(child({ ...at, startedWith, usual }, 'Chosen')).split('\n'),
        below({ startedWith }).has('Chosen'),
      ],
      [
        ['gpu, 4', 'GPU, 4 hours', 'cpu', undefined],
        [
          'Chosen',
          'GPU, 4 hours',
          'What the server was started with, as the hub tells it.',
          'profile: gpu',
          'hours: 4',
        ],
        false,
      ],
    );
  });

  it('says which image is recommended by now, only when it is another one, in a row of its own', () => {
    const images = [
      'reg/lab:recommended@sha256:a1',
      'reg/lab:r30_0_10@sha256:a1',
      'reg/lab:w_2026_30@sha256:b1',
      'reg/lab:w_2026_20@sha256:9',
    ];
    assert.deepEqual(
      images.map((image) => {
        const rows = below({ lab: running(image) });
        return [rows.get('Image'), rows.get('Recommended')];
      }),
      [
        ['Release r30.0.10, recommended', undefined],
        ['Release r30.0.10, recommended', undefined],
        ['Weekly 2026_30', 'Release r30.0.10'],
        ['w_2026_20', 'Release r30.0.10'],
      ],
    );
    const unknown = below({ lab: running('reg/lab:w_2026_20@sha256:9'), menu: loading });
    assert.deepEqual([unknown.get('Image'), unknown.has('Recommended')], ['w_2026_20', false]);
  });

  it('tells all that is known of it to who rests on it', () => {
    const lastActivityAt = new Date(nowMs - HOUR_MS / 2).toISOString();
    const lab = running('reg/lab:w_2026_20@sha256:9', lastActivityAt);
    const limits = { maxAgeHours: 120, maxIdleHours: undefined };
    const at = (ms: number): string =>
      new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    const startedMs = Date.UTC(2026, 7, 21, 10);
    assert.deepEqual(told(labRow('a', facts({ lab, limits }), nowMs)).split('\n'), [
      'Lab: running',
      'Image: w_2026_20',
      'Reference: reg/lab:w_2026_20',
      'Recommended: Release r30.0.10',
      'Size: large',
      `Started: ${at(startedMs)} (2 hours ago)`,
      `Last activity: ${at(nowMs - HOUR_MS / 2)} (30 minutes ago)`,
      `Removed for its age: ${at(startedMs + 120 * HOUR_MS)}`,
    ]);
  });

  it('counts down to when the site removes it, for age and for idleness', () => {
    const limits = { maxAgeHours: 120, maxIdleHours: 3 };
    const lastActivityAt = new Date(nowMs - 2.5 * HOUR_MS).toISOString();
    const active = below({ lab: running('reg/lab:a', lastActivityAt), limits });
    const overdue = below({
      lab: running('reg/lab:a', new Date(nowMs - 9 * HOUR_MS).toISOString()),
      limits,
    });
    assert.deepEqual(
      [active.get('Removed for its age'), active.get('Removed if idle'), overdue.get('Removed if idle')],
      ['in 4 days', 'in 30 minutes', 'any moment now'],
    );
  });

  it('says until when it is kept busy, with the way to end that', () => {
    const untilMs = nowMs + HOUR_MS;
    const rows = labRow('a', facts({ keptBusyUntilMs: untilMs }), nowMs).children ?? [];
    const busy = rows.find(({ context }) => context === 'rsp.busy');
    assert.deepEqual(
      [busy?.label, busy?.detail, below({}).has('Kept busy')],
      ['Kept busy', `until ${timeOfDay(untilMs)}`, false],
    );
  });

  it('warns, in words, that what is saved will be lost when it came up in a scratch folder', () => {
    const sentences = (['ENOSPC', 'EINVENTED'] as const).map((code) => {
      const value = { code, message: 'see gt-abcdefghijklmnopqrstuv.0123456789ABCDEFGHIJKL' };
      const row = labRow('a', facts({ abnormalStart: { kind: 'known', value } }), nowMs);
      const [first] = row.children ?? [];
      return [row.icon, first?.label, told(first).includes('see gt-'), told(first).includes('0123456789')];
    });
    const loss = 'It runs in a scratch folder: what is saved now is lost when the lab ends.';
    assert.deepEqual(sentences, [
      ['warning', `The disk of your home folder is full. ${loss}`, true, false],
      ['warning', `The lab came up, but not as it should. ${loss}`, true, false],
    ]);
  });

  it('tells what it was started with, and what it uses of what it may', () => {
    const GIB = 1024 ** 3;
    const measured = (value: Partial<LabVitals>): ReadonlyMap<string, string | undefined> =>
      below({
        vitals: {
          kind: 'known',
          value: {
            memoryBytes: GIB,
            memoryLimitBytes: undefined,
            cpuCores: undefined,
            cpuLimitCores: undefined,
            ...value,
          },
        },
      });
    const unlimited = measured({ disk: { usedBytes: 40 * GIB, totalBytes: 50 * GIB } });
    const limited = measured({ memoryLimitBytes: 4 * GIB, cpuCores: 1.26, cpuLimitCores: 2 });
    assert.deepEqual(
      [
        below({}).get('Environment'),
        ['Memory in use', 'Processors in use', 'Disk'].map((label) => unlimited.get(label)),
        ['Memory in use', 'Processors in use', 'Disk'].map((label) => limited.get(label)),
      ],
      [
        'was reset at the start',
        ['1 GiB', 'not measured', '40 of 50 GiB, 80 %'],
        ['1 of 4 GiB, 25 %', '1.3 of 2', undefined],
      ],
    );
  });

  it('tells an image that measures nothing from a lab that does not answer', () => {
    const problem = { kind: 'noAnswer', host: 'data.example' } as const;
    const rows = [
      child({ vitals: { kind: 'known', value: undefined } }, 'Memory in use'),
      child({ vitals: { kind: 'problem', problem } }, 'Memory in use'),
      child({ abnormalStart: { kind: 'problem', problem } }, 'abnormal'),
    ];
    assert.deepEqual(
      rows.map((row) => [row?.label, row?.detail, row?.context, told(row).split('\n')[1]]),
      [
        ['Memory in use', 'not known', 'rsp.fact', 'not known'],
        ['Memory in use', 'not known', 'rsp.problem', 'Check your network and try again in a minute.'],
        [
          'Whether it came up well',
          'not known',
          'rsp.problem',
          'Check your network and try again in a minute.',
        ],
      ],
    );
    assert.ok(told(rows[0]).includes('has nothing that measures it'));
  });
});
