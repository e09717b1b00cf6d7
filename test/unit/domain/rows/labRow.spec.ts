import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { timeOfDay } from '../../../../src/domain/lab/labWords';
import type { LabState } from '../../../../src/domain/lab/labState';
import { labRow, type LabFacts } from '../../../../src/domain/rows/labRow';
import { readLabForm } from '../../../../src/protocol/nublado/labForm';
import { labFormHtml } from '../../../fakes/samples';

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

  it('says which image is recommended by now, only when it is another one', () => {
    const images = [
      'reg/lab:recommended@sha256:a1',
      'reg/lab:r30_0_10@sha256:a1',
      'reg/lab:w_2026_20@sha256:9',
    ];
    assert.deepEqual(
      images.map((image) => below({ lab: running(image) }).get('Image')),
      ['recommended', 'r30_0_10', 'w_2026_20, recommended is Recommended (Release r30.0.10)'],
    );
    assert.equal(
      below({ lab: running('reg/lab:w_2026_20@sha256:9'), menu: loading }).get('Image'),
      'w_2026_20',
    );
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
      return [row.icon, first?.label, first?.tooltip?.includes('0123456789ABCDEFGHIJKL')];
    });
    const loss = 'It runs in a scratch folder: what is saved now is lost when the lab ends.';
    assert.deepEqual(sentences, [
      ['warning', `The disk of your home folder is full. ${loss}`, false],
      ['warning', `The lab came up, but not as it should. ${loss}`, false],
    ]);
  });

  it('tells what it was started with, and leaves out what it cannot measure', () => {
    const rows = below({ vitals: { kind: 'known', value: undefined } });
    assert.deepEqual([rows.get('Environment'), rows.has('Memory in use')], ['was reset at the start', false]);
    const unlimited = below({
      vitals: {
        kind: 'known',
        value: {
          memoryBytes: 1024 ** 3,
          memoryLimitBytes: undefined,
          cpuCores: undefined,
          cpuLimitCores: undefined,
          disk: { usedBytes: 40 * 1024 ** 3, totalBytes: 50 * 1024 ** 3 },
        },
      },
    });
    assert.deepEqual(
      [unlimited.get('Memory in use'), unlimited.has('Processors in use'), unlimited.get('Disk')],
      ['1 GiB', false, '40 of 50 GiB, 80 %'],
    );
  });
});
