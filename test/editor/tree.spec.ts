import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { accountsOn } from '../fakes/accounts';
import { Desks } from '../../src/domain/desks';
import { AccountTree } from '../../src/vscode/tree/treeProvider';
import { FakeRsp } from '../fakes/fakeRsp';
import { JumpingClock } from '../fakes/jumpingClock';
import { MemorySecrets } from '../fakes/memorySecrets';
import { sampleAccount, sampleSite } from '../fakes/samples';

describe('The tree', () => {
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let tree: AccountTree;

  beforeEach(async () => {
    rsp = await FakeRsp.start();
    accounts = accountsOn(new MemorySecrets(), silentLog);
    desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), new JumpingClock(), silentLog);
    tree = new AccountTree(desks, accounts, () => Promise.resolve({ last: () => undefined }));
    await accounts.save(
      sampleAccount({ site: sampleSite(rsp.baseUrl.origin), token: new Secret(rsp.token) }),
    );
  });

  afterEach(async () => {
    tree.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  /** Labels and descriptions of the tree, indented by level. */
  async function drawn(
    parent?: Awaited<ReturnType<AccountTree['getChildren']>>[number],
    indent = '',
  ): Promise<string[]> {
    const lines: string[] = [];
    for (const row of await tree.getChildren(parent)) {
      const item = await tree.getTreeItem(row);
      const label = typeof item.label === 'string' ? item.label : '';
      lines.push(`${indent}${label}${typeof item.description === 'string' ? `: ${item.description}` : ''}`);
      lines.push(...(await drawn(row, `${indent}  `)));
    }
    return lines;
  }

  it('asks no server before somebody looks', async () => {
    await drawn();
    assert.deepEqual(rsp.server.lines, []);
  });

  it('is usable with twenty accounts: they stand closed, and only the one that is opened is asked about', async () => {
    const site = sampleSite(rsp.baseUrl.origin);
    for (let number = 1; number < 20; number++)
      await accounts.save(sampleAccount({ site, username: `person${number}`, token: new Secret(rsp.token) }));
    await tree.refresh();
    const roots = await tree.getChildren();
    const states = await Promise.all(
      roots.map(async (root) => (await tree.getTreeItem(root)).collapsibleState),
    );
    const asked = rsp.server.lines.length;
    const one = roots.find(({ accountId }) => accountId.endsWith('#vrubin'));
    assert.ok(one);
    await tree.getChildren(one);
    await tree.refresh();
    assert.deepEqual(
      [roots.length, new Set(states), asked, rsp.server.lines.some((line) => line.includes('person'))],
      [20, new Set([vscode.TreeItemCollapsibleState.Collapsed]), 0, false],
    );
    const labs = (): number =>
      rsp.server.lines.filter((line) => line === 'GET /nb/hub/api/users/vrubin').length;
    const whileOpen = labs();
    tree.close(one.accountId);
    await tree.glance();
    const whileClosed = labs();
    tree.open(one.accountId);
    await tree.glance();
    assert.deepEqual([whileOpen > 0, whileClosed, labs() > whileClosed], [true, whileOpen, true]);
  });

  it('shows account, quotas, lab and images', async () => {
    await tree.refresh();
    const lines = await drawn();
    const host = rsp.baseUrl.host;
    assert.deepEqual(
      [
        `vrubin on ${host}: example`,
        '  Account: token: does not expire',
        '    Name: Vera Rubin',
        '      Scopes: exec:notebook, read:tap',
        '    No limits',
        '  Lab: not running',
        '    Release r30.0.10: recommended',
        '    Weeklies: 1',
        '      Large: 4 CPU, 16 GiB memory',
      ].filter((line) => !lines.includes(line)),
      [],
      lines.join('\n'),
    );
  });

  it('keeps the other parts when one cannot be reached', async () => {
    rsp.answer('GET /nublado/spawner/v1/lab-form/vrubin', { status: 502, body: '<html>bad gateway</html>' });
    await tree.refresh();
    const lines = await drawn();
    assert.deepEqual(
      [
        lines.filter((line) => line.includes('has a problem of its own (status 502)')).length,
        lines.includes('    Name: Vera Rubin'),
        lines.includes('  Lab: not running'),
      ],
      [1, true, true],
    );
  });

  it('leaves the view to its welcome while no site can be reached', async () => {
    await drawn();
    await rsp.stop();
    await tree.refresh();
    assert.deepEqual(await drawn(), []);
  });

  it('gives rows ids that stay and labels that a screen reader can say', async () => {
    await tree.refresh();
    const [root] = await tree.getChildren();
    assert.ok(root);
    const items = async (parent: typeof root): Promise<vscode.TreeItem[]> =>
      Promise.all((await tree.getChildren(parent)).map((row) => tree.getTreeItem(row)));
    const before = (await items(root)).map(({ id }) => id);
    await tree.refresh();
    const [again] = await tree.getChildren();
    assert.ok(again);
    const after = await items(again);
    assert.deepEqual(
      [
        after.map(({ id }) => id),
        after.map(({ accessibilityInformation }) => accessibilityInformation?.label),
      ],
      [
        before,
        [
          'Account, token does not expire',
          'Quotas',
          'Lab: not running',
          'Images: 3 images on offer',
          'Services',
          'Data sets',
        ],
      ],
    );
    assert.equal(after[2]?.collapsibleState, vscode.TreeItemCollapsibleState.None);
  });
});
