import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LabState } from '../../../../src/domain/lab/labState';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { toRows, type AccountFacts } from '../../../../src/domain/rows/accountRows';
import { spokenOf, textOf, type Row } from '../../../../src/domain/rows/row';
import { inert, markdownOf, plainTextOf } from '../../../../src/domain/rows/tip';
import { toHubSite } from '../../../../src/domain/sites/site';
import { UserInfoSchema } from '../../../../src/protocol/gafaelfawr/schemas';
import { DiscoverySchema } from '../../../../src/protocol/repertoire/schemas';
import { busySession, FACTS_AT_MS, runningLab, sampleFacts } from '../../../fakes/accountFacts';
import { CHOICE } from '../../../fakes/labs';
import { sampleAccount } from '../../../fakes/samples';

const MenuSchema = z.object({
  contributes: z.object({
    menus: z.object({ 'view/item/context': z.array(z.object({ command: z.string(), when: z.string() })) }),
  }),
});

/** Facts in which every word of a server is made of `word` and every number of `number`. */
function factsOf(word: string, number: number): AccountFacts {
  const { user, menu, vitals } = sampleFacts();
  assert.ok(user.kind === 'known' && menu.kind === 'known' && vitals.kind === 'known' && vitals.value);
  const name = (which: string): string => `${which} ${word}`;
  const userInfo = UserInfoSchema.parse({
    username: 'vrubin',
    name: name('person'),
    email: name('mail'),
    uid: number,
    gid: number,
    groups: [{ name: name('group'), id: number }],
    quota: {
      notebook: { cpu: number, memory: number },
      api: { tap: number },
      tap: { qserv: { concurrent: number } },
      disk: { '/home': number },
    },
  });
  const images = menu.value.images.map((image) => ({ ...image, name: name(image.name) }));
  const sizes = menu.value.sizes.map((size) => ({ ...size, name: name(size.name), cpuCores: number }));
  return sampleFacts({
    user: { kind: 'known', value: { userInfo, tokenInfo: { ...user.value.tokenInfo, type: name('kind') } } },
    lab: {
      ...runningLab,
      lastActivityAt: new Date(FACTS_AT_MS - number).toISOString(),
      details: runningLab.details && { ...runningLab.details, size: name('size') },
    },
    sessions: {
      kind: 'known',
      value: [{ ...busySession, name: name('notebook'), kernelName: name('kernel'), state: name('state') }],
    },
    menu: { kind: 'known', value: { ...menu.value, images, sizes } satisfies LabMenu },
    vitals: { kind: 'known', value: { ...vitals.value, memoryBytes: number } },
    abnormalStart: { kind: 'known', value: { code: 'ENOSPC', message: name('message') } },
    discovery: {
      kind: 'known',
      value: DiscoverySchema.parse({
        datasets: {
          dp1: { description: name('data'), services: { tap: { url: 'https://data.example/tap' } } },
        },
        services: { ui: { portal: { url: 'https://data.example/portal' } } },
      }),
    },
    broadcasts: {
      kind: 'known',
      value: [{ id: 'm', summary: `${number}`, body: '', isActive: true, category: 'outage' }],
    },
    shared: [{ owner: 'bob', name: 'gpu', url: '/user/bob/gpu/', isReady: true }],
    keptBusyUntilMs: FACTS_AT_MS + number,
  });
}

describe('every row of the tree', () => {
  const flat = (row: Row): readonly Row[] => [row, ...(row.children ?? []).flatMap(flat)];
  const rowsOf = (facts: AccountFacts): readonly Row[] => flat(toRows(facts, FACTS_AT_MS));
  const starting = { kind: 'starting', sinceMs: 0, steps: [] } as const;
  const all = [
    ...rowsOf(factsOf('one', 1)),
    ...rowsOf(sampleFacts()),
    ...rowsOf(sampleFacts({ account: sampleAccount({ isRefused: true }), lab: { kind: 'none' } })),
    ...rowsOf(sampleFacts({ lab: starting, sessions: { kind: 'known', value: [] } })),
    ...rowsOf(sampleFacts({ lab: { kind: 'failed', problem: { kind: 'noAnswer', host: 'h' }, steps: [] } })),
  ];

  it('has an id of its own, which stays when all that servers say has changed', () => {
    const [before, after] = [factsOf('one', 1), factsOf('two', 2)].map((facts) =>
      rowsOf(facts).map(({ id }) => id),
    );
    assert.deepEqual([new Set(before).size, after], [before?.length, before]);
  });

  it('has something to say to who rests on it, but for one that tells of a question', () => {
    const silent = all.filter(({ tip, label }) => tip === undefined && label !== 'none');
    assert.deepEqual(
      silent.map(({ label }) => label),
      [],
    );
  });

  it('does nothing with words of servers, wherever they stand', () => {
    const evil = '[x](command:quit) https://evil.example <img src="x">';
    const marked = rowsOf(factsOf(evil, 1)).flatMap(({ tip }) => (tip ? [markdownOf(tip)] : []));
    const told = marked.filter((markdown) => markdown.includes(inert(evil)));
    const left = marked.map((markdown) => markdown.replaceAll(inert(evil), ''));
    assert.ok(told.length >= 15, String(told.length));
    assert.deepEqual(
      left.filter((markdown) => /command:|evil|<img/.test(markdown)),
      [],
    );
  });

  it('can be copied from its menu, as words without marks', () => {
    const manifest = MenuSchema.parse(
      JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../../package.json'), 'utf8')),
    );
    const clauses = manifest.contributes.menus['view/item/context']
      .filter(({ command }) => command === 'rsp.copyValue' || command === 'rsp.copyAddress')
      .map(({ when }) => when.replace('view == rsp.accounts && viewItem ', ''));
    const fits = (context: string): boolean =>
      clauses.some((clause) =>
        clause.startsWith('=~ ') ? new RegExp(clause.slice(4, -1)).test(context) : clause === `== ${context}`,
      );
    assert.deepEqual(
      all.filter(({ context }) => context === undefined || !fits(context)).map(({ id }) => id),
      [],
    );
    assert.deepEqual(
      all.filter((row) => textOf(row) === '' || textOf(row).includes('**')),
      [],
    );
  });

  it('is spoken in words: its state too, and never the sign that stands for it', () => {
    const spoken = [...new Set(all.map(spokenOf))];
    assert.deepEqual(
      spoken.filter((words) => words === '' || /\$\(|undefined/.test(words)),
      [],
    );
    const expected = [
      'Warning: Outage of the site: 1',
      'Warning: vrubin on data.example: sign in again',
      'Warning: Token: not accepted any more, VS Code',
      'Home over WebDAV: needs write:files',
      'Run notebooks: allowed',
      'Notebooks: 1 CPU, 1 GiB memory',
      'Lab: not running',
      'Lab: starting…, asking for it',
      'Lab: failed to start',
      'Warning: Lab: running w_2026_30',
      'Memory in use: 2 of 16 GiB, 12 %',
      '1 kernel, 0 busy',
      'a.ipynb: busy, lsst, 1 connection',
      'Images: 3 images on offer',
      'Release r30.0.10: recommended, starts fast',
      'Weekly 2026_28: w_2026_28, starts slowly',
      '2 sizes of labs',
      'Portal, page on data.example',
      'Data set dp1, data one, 1 service',
      'No limits',
      'TAP queries: 1 request a minute',
    ];
    assert.deepEqual(
      expected.filter((words) => !spoken.includes(words)),
      [],
      spoken.join('\n'),
    );
  });

  it('speaks of servers at a plain hub', () => {
    const site = toHubSite(new URL('https://hub.example/'));
    const account = sampleAccount({ site, scopes: ['access:servers', 'servers', 'read:servers'] });
    const user = { kind: 'loading' } as const;
    const labs: readonly LabState[] = [
      { kind: 'unknown', problem: { kind: 'labAway', siteName: 'hub' } },
      { kind: 'none' },
      starting,
      { kind: 'stopping' },
      { kind: 'failed', problem: { kind: 'labGone', siteName: 'hub' }, steps: [] },
      { ...runningLab, details: undefined, lastActivityAt: new Date(FACTS_AT_MS).toISOString() },
    ];
    const problem = { kind: 'problem', problem: { kind: 'labAway', siteName: 'hub' } } as const;
    const own = { 'hub.example': { maxAgeHours: 48, maxIdleHours: 12 } };
    const rows = labs.flatMap((lab) => [
      ...rowsOf(sampleFacts({ account, user, lab, usual: CHOICE })),
      ...rowsOf(sampleFacts({ account, user, lab, sessions: problem, vitals: problem })),
      ...flat(toRows(sampleFacts({ account, user, lab }), FACTS_AT_MS, own)),
    ]);
    const said = rows.flatMap((row) => [row.label, spokenOf(row), row.tip ? plainTextOf(row.tip) : '']);
    assert.deepEqual(
      said.filter((words) => /\blabs?\b/i.test(words)),
      [],
    );
    assert.ok(said.some((words) => /\bserver\b/.test(words)));
  });

  it('stays when a part cannot be reached, which then says so itself', () => {
    const problem = { kind: 'problem', problem: { kind: 'noAnswer', host: 'data.example' } } as const;
    const parts = {
      user: ['account', 'quotas'],
      menu: ['images'],
      discovery: ['services', 'datasets'],
      sessions: ['lab/kernels'],
      vitals: ['lab/Memory in use'],
      abnormalStart: ['lab/abnormal'],
      broadcasts: ['broadcasts'],
    } as const satisfies { readonly [K in keyof AccountFacts]?: readonly string[] };
    /** What can be told with the help of a part only. */
    const needed: Readonly<Record<string, readonly string[]>> = {
      user: ['token/Kind'],
      menu: ['lab/Recommended'],
      vitals: ['lab/Processors in use'],
    };
    const root = sampleFacts().account.id;
    const whole = rowsOf(sampleFacts()).map(({ id }) => id);
    for (const [part, places] of Object.entries(parts)) {
      const rows = rowsOf({ ...sampleFacts(), [part]: problem });
      const saying = rows.filter(({ context }) => context === 'rsp.problem').map(({ id }) => id);
      const expected = places.map((place) => `${root}/${place}`);
      assert.deepEqual(saying.map((id) => id.replace(/\/problem$/, '')).sort(), [...expected].sort(), part);
      const left = new Set(rows.map(({ id }) => id));
      const isTold = (id: string): boolean =>
        expected.some((place) => id.startsWith(place)) ||
        needed[part]?.some((end) => id.endsWith(end)) === true;
      assert.deepEqual(
        whole.filter((id) => !left.has(id) && !isTold(id)),
        [],
        part,
      );
    }
  });
});
