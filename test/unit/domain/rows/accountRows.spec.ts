import assert from 'node:assert/strict';
import type { LabState } from '../../../../src/domain/lab/labState';
import { toRows } from '../../../../src/domain/rows/accountRows';
import type { Row } from '../../../../src/domain/rows/row';
import { FACTS_AT_MS, runningLab, sampleFacts } from '../../../fakes/accountFacts';
import { sampleAccount, TOKEN } from '../../../fakes/samples';

describe('the rows of an account', () => {
  const nowMs = FACTS_AT_MS;
  const facts = sampleFacts;
  const { account } = facts();
  const flat = (row: Row): readonly Row[] => [row, ...(row.children ?? []).flatMap(flat)];
  const below = (row: Row, id: string): readonly unknown[] =>
    flat(row)
      .find((each) => each.id === `${account.id}/${id}`)
      ?.children?.map(({ label, detail }) => (detail === undefined ? label : `${label}: ${detail}`)) ?? [];

  it('tell account, quotas, lab and images', () => {
    const row = toRows(facts(), nowMs);
    assert.deepEqual(
      [
        [row.id, row.label, row.detail, row.context],
        row.children?.map(({ label, detail }) => [label, detail]),
        below(row, 'account').slice(0, 6),
        below(row, 'lab'),
        below(row, 'lab/kernels'),
        below(row, 'images'),
      ],
      [
        ['data.example#vrubin', 'vrubin on data.example', 'example', 'rsp.account'],
        [
          ['Account', 'token: 5 days left'],
          ['Quotas', undefined],
          ['Lab', 'running w_2026_30'],
          ['Images', undefined],
          ['Services', undefined],
          ['Data sets', undefined],
        ],
        ['Name: Vera Rubin', 'Username: vrubin', 'UID: 0', 'Groups: g', 'Token: 5 days left, VS Code'],
        [
          'Image: w_2026_30',
          'Recommended: Release r30.0.10',
          'Size: large',
          'Limits: 4 CPU, 16 GiB memory',
          'Memory in use: 2 of 16 GiB, 12 %',
          'Processors in use: 0.3 of 4',
          'Started: 2 hours ago',
          'Removed for its age: not known',
          'Removed if idle: not known',
          'Debug logs: on',
          'Kernels: 1',
        ],
        ['a.ipynb: busy, lsst, 1 connection'],
        ['Release r30.0.10: recommended', 'Weekly 2026_30: latest weekly', 'Weeklies: 1', 'Sizes'],
      ],
    );
  });

  it('offer what can be done with a lab by its state, under one id', () => {
    const states: readonly LabState[] = [
      { kind: 'unknown' },
      { kind: 'unknown', problem: { kind: 'noAnswer', host: 'h' } },
      { kind: 'none' },
      {
        kind: 'starting',
        sinceMs: nowMs - 90_000,
        steps: [{ percent: 35, severity: 'info', message: 'Pulling image' }],
      },
      { ...runningLab, details: undefined },
      { kind: 'stopping' },
      { kind: 'failed', problem: { kind: 'spawnCancelled', siteName: 'example' }, steps: [] },
    ];
    const told = states.map((lab) => {
      const row = toRows(facts({ lab }), nowMs);
      const { id, context, detail } = row.children?.[2] ?? {};
      return [id, context, detail, below(row, 'lab')[0]];
    });
    const id = `${account.id}/lab`;
    assert.deepEqual(told, [
      [id, 'rsp.lab.unknown', 'checking…', undefined],
      [
        id,
        'rsp.lab.unknown',
        'not known',
        'h did not answer in time. Check your network and try again in a minute.',
      ],
      [id, 'rsp.lab.none', 'not running', undefined],
      [id, 'rsp.lab.starting', 'starting, 35 %', 'Stage: fetching the image'],
      [id, 'rsp.lab.running', 'running', 'Image: not known'],
      [id, 'rsp.lab.stopping', 'stopping…', undefined],
      [id, 'rsp.lab.failed', 'failed to start', 'The start of your lab on example was cancelled.'],
    ]);
  });

  it('say what the token is, where it comes from, and what it allows', () => {
    const given = sampleAccount({
      tokenExpires: account.tokenExpires,
      origin: { kind: 'environment', variable: 'ACCESS_TOKEN' },
    });
    const rows = flat(toRows(facts({ account: given }), nowMs));
    const token = rows.find(({ label }) => label === 'Token')?.children ?? [];
    const expires = given.tokenExpires?.toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    assert.deepEqual(
      token.map(({ label, detail }) => [label, detail]),
      [
        ['Name', 'VS Code'],
        ['Key', 'gt-abcdefghijklmnopqrstuv'],
        ['Kind', 'user'],
        ['Expires', `${expires}, 5 days left`],
        ['Comes from', 'the environment variable ACCESS_TOKEN'],
        ['Scopes', 'exec:notebook, read:tap'],
        ['Run notebooks', 'allowed'],
        ['Query catalogs', 'allowed'],
        ['Read images', 'needs read:image'],
        ['Home over WebDAV', 'needs write:files'],
        ['Renew tokens', 'needs user:token'],
      ],
    );
    assert.deepEqual(
      token.filter(({ context }) => context === 'rsp.scope.missing').map(({ scopes }) => scopes),
      [['read:image'], ['write:files'], ['user:token']],
    );
  });

  it('ask to sign in again when the site does not accept the token any more', () => {
    const row = toRows(facts({ account: { ...account, isRefused: true } }), nowMs);
    assert.deepEqual(
      [row.context, row.detail, row.icon, row.children?.[0]?.detail],
      ['rsp.account.refused', 'sign in again', 'warning', 'sign in again'],
    );
  });

  it('hold no secret', () => {
    assert.equal(JSON.stringify(toRows(facts(), nowMs)).includes(TOKEN.slice(26)), false);
  });
});
