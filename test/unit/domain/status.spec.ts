import assert from 'node:assert/strict';
import type { LabState } from '../../../src/domain/lab/labState';
import { statusOf } from '../../../src/domain/status';
import { sampleAccount } from '../../fakes/samples';

describe('the status', () => {
  const nowMs = Date.UTC(2026, 7, 21);
  const account = sampleAccount({ tokenExpires: new Date(nowMs + 4 * 86_400_000) });
  const address = { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '' };
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
    starting: { kind: 'starting', sinceMs: 0, steps: [{ percent: 35, severity: 'info', message: 'x' }] },
    running: { kind: 'running', address, details },
    stopping: { kind: 'stopping' },
    failed: { kind: 'failed', problem: { kind: 'spawnCancelled', siteName: 'example' }, steps: [] },
  } satisfies Record<LabState['kind'], LabState>;
  const status = (...labs: readonly LabState[]) =>
    statusOf(
      labs.map((lab) => ({ account, lab })),
      nowMs,
    );

  it('says in short and in full how the lab is', () => {
    const told = Object.fromEntries(Object.entries(states).map(([kind, lab]) => [kind, status(lab)]));
    assert.deepEqual(told, {
      unknown: undefined,
      none: {
        text: '$(vm-outline) data.example',
        tooltip: 'Your lab on example is not running\nToken: 4 days left',
      },
      starting: {
        text: '$(loading~spin) data.example 35 %',
        tooltip: 'Your lab on example is starting, 35 %\nToken: 4 days left',
      },
      running: {
        text: '$(vm-running) data.example w_2026_30, large',
        tooltip: 'Your lab on example is running w_2026_30, large\nToken: 4 days left',
      },
      stopping: {
        text: '$(loading~spin) data.example stopping',
        tooltip: 'Your lab on example is stopping\nToken: 4 days left',
      },
      failed: {
        text: '$(error) data.example',
        tooltip: 'The start of your lab on example was cancelled.\nToken: 4 days left',
      },
    });
  });

  it('says when the site does not accept the token any more', () => {
    const refused = statusOf([{ account: { ...account, isRefused: true }, lab: states.none }], nowMs);
    assert.equal(refused?.tooltip, 'Your lab on example is not running\nToken: not accepted any more');
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

  it('lets the lab that says most stand for all', () => {
    const { unknown, none, running, stopping, starting, failed } = states;
    const shown = [
      [unknown, none],
      [none, running],
      [running, stopping],
      [stopping, starting],
      [starting, failed],
    ].map((labs) => status(...labs)?.text);
    const meant = [none, running, stopping, starting, failed].map((lab) => status(lab)?.text);
    assert.deepEqual(shown, meant);
  });
});
