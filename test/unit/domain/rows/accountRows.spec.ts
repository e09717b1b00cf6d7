import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import type { LabState } from '../../../../src/domain/lab/labState';
import { toRows, type AccountFacts } from '../../../../src/domain/rows/accountRows';
import type { Row } from '../../../../src/domain/rows/row';
import { TokenInfoSchema, UserInfoSchema } from '../../../../src/protocol/gafaelfawr/schemas';
import { readLabForm } from '../../../../src/protocol/nublado/labForm';
import { DiscoverySchema } from '../../../../src/protocol/repertoire/schemas';
import { labFormHtml, sampleAccount, TOKEN } from '../../../fakes/samples';

const GIB = 1024 ** 3;

describe('the rows of an account', () => {
  const nowMs = Date.UTC(2026, 7, 21, 12);
  const account = sampleAccount({ tokenExpires: new Date(nowMs + 5 * 86_400_000) });
  const user = {
    kind: 'known',
    value: {
      userInfo: UserInfoSchema.parse({
        username: 'vrubin',
        name: 'Vera Rubin',
        uid: 0,
        groups: [{ name: 'g' }],
      }),
      tokenInfo: TokenInfoSchema.parse({ token: 'key', username: 'vrubin', token_type: 'user', scopes: [] }),
    },
  } as const;
  const running: LabState = {
    kind: 'running',
    address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
    details: {
      status: 'running',
      size: 'large',
      imageReference: 'reg/lab:w_2026_30@sha256:1',
      isDebug: true,
      hasResetEnvironment: false,
      limits: { cpuCores: 4, memoryBytes: 17179869184 },
    },
  };
  const menu = readLabForm(labFormHtml()) as LabMenu;
  const session = {
    id: 's1',
    name: 'a.ipynb',
    kernelId: 'k1',
    kernelName: 'lsst',
    state: 'busy',
    connections: 1,
    lastActivityMs: nowMs - 3_600_000,
  };
  const facts = (changes: Partial<AccountFacts> = {}): AccountFacts => ({
    account,
    user,
    lab: running,
    sessions: { kind: 'known', value: [session] },
    menu: { kind: 'known', value: menu },
    vitals: {
      kind: 'known',
      value: {
        memoryBytes: 2 * GIB,
        memoryLimitBytes: 16 * GIB,
        cpuCores: 0.25,
        cpuLimitCores: 4,
      },
    },
    abnormalStart: { kind: 'known', value: undefined },
    discovery: { kind: 'known', value: DiscoverySchema.parse({}) },
    broadcasts: { kind: 'loading' },
    ...changes,
  });
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
          'Recommended now: Release r30.0.10',
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

  it('have ids of their own that stay when everything else changes', () => {
    const ids = (known: AccountFacts): readonly string[] => flat(toRows(known, nowMs)).map(({ id }) => id);
    const before = ids(facts());
    const after = ids(
      facts({
        lab: {
          ...running,
          details: running.details && { ...running.details, imageReference: 'reg/lab:other' },
        },
        sessions: { kind: 'known', value: [{ ...session, name: 'b.ipynb', state: 'idle' }] },
        user: { ...user, value: { ...user.value, userInfo: { ...user.value.userInfo, name: 'V. Rubin' } } },
      }),
    );
    assert.deepEqual([new Set(before).size, after], [before.length, before]);
  });

  it('say in place of a part why it is not there, and leave the others alone', () => {
    const problem = { kind: 'noAnswer', host: 'data.example' } as const;
    const row = toRows(
      facts({ user: { kind: 'problem', problem }, menu: { kind: 'loading' }, sessions: { kind: 'loading' } }),
      nowMs,
    );
    const sentence = 'data.example did not answer in time. Check your network and try again in a minute.';
    assert.deepEqual(
      [
        below(row, 'account'),
        below(row, 'quotas'),
        below(row, 'images'),
        below(row, 'lab/kernels'),
        below(row, 'lab')[0],
      ],
      [[sentence, 'Token: 5 days left, VS Code'], [sentence], ['Loading…'], ['Loading…'], 'Image: w_2026_30'],
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
      { ...running, details: undefined },
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
        ['Labs and notebooks', 'allowed'],
        ['Catalogs (TAP)', 'allowed'],
        ['Images', 'needs read:image'],
        ['Home over WebDAV', 'needs write:files'],
        ['Renewing tokens', 'needs user:token'],
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
