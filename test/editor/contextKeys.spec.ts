import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { Desks } from '../../src/domain/desks';
import { ContextKeys } from '../../src/vscode/contextKeys';
import { toHubSite } from '../../src/domain/sites/site';
import { accountsOn } from '../fakes/accounts';
import { never } from '../fakes/deferred';
import { FakeRsp } from '../fakes/fakeRsp';
import { JumpingClock } from '../fakes/jumpingClock';
import { CHOICE } from '../fakes/labs';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../fakes/samples';

describe('What the clauses of menus and views may know', () => {
  const original = Object.getOwnPropertyDescriptor(vscode.commands, 'executeCommand');
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let keys: ContextKeys;
  let told: Record<string, unknown>;
  let tellings: number;
  let preferred: Account | undefined;

  beforeEach(async () => {
    told = {};
    tellings = 0;
    const executeCommand = (command: string, key: string, value: unknown): Promise<void> => {
      assert.equal(command, 'setContext');
      told[key] = value;
      tellings++;
      return Promise.resolve();
    };
    Object.defineProperty(vscode.commands, 'executeCommand', { value: executeCommand, configurable: true });
    rsp = await FakeRsp.start();
    accounts = accountsOn();
    desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), new JumpingClock(), silentLog);
    preferred = undefined;
    const choice = {
      preferred: () => Promise.resolve(preferred),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    keys = new ContextKeys({
      accounts,
      desks,
      memory: { last: (id) => (id.includes('vrubin') ? CHOICE : undefined) },
      choice: () => Promise.resolve(choice),
    });
  });

  afterEach(async () => {
    if (original) Object.defineProperty(vscode.commands, 'executeCommand', original);
    keys.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  const vera = () =>
    sampleAccount({ site: sampleSite(rsp.baseUrl.origin), token: new Secret(rsp.token), username: 'vrubin' });
  const henrietta = () =>
    sampleAccount({
      ...vera(),
      id: `${rsp.baseUrl.host}#hleavitt`,
      username: 'hleavitt',
      token: new Secret(OTHER_TOKEN),
    });
  const lab = () => [
    told['rsp.lab'],
    ...['Start', 'Stop', 'Restart'].filter((deed) => told[`rsp.may${deed}Lab`] === true),
  ];

  it('follows the lab of the only account, and tells nothing twice', async () => {
    await accounts.save(vera());
    await keys.choose();
    const unknown = lab();
    await desks.of(vera().id).lab.refresh(never);
    const none = lab();
    rsp.lab = rsp.readyLab;
    await desks.of(vera().id).lab.refresh(never);
    const before = tellings;
    keys.tell();
    assert.deepEqual(
      [unknown, none, lab(), told['rsp.hasUsualLab'], tellings - before],
      [['unknown', 'Start', 'Stop', 'Restart'], ['none', 'Start'], ['running', 'Stop', 'Restart'], true, 0],
    );
  });

  it('goes by the chosen one of several accounts, and hides nothing that another could do', async () => {
    await accounts.save(vera());
    await accounts.save(henrietta());
    rsp.lab = rsp.readyLab;
    await desks.of(vera().id).lab.refresh(never);
    await keys.choose();
    const nobody = lab();
    preferred = vera();
    await keys.choose();
    assert.deepEqual(
      [nobody, lab()],
      [
        ['unknown', 'Start', 'Stop', 'Restart'],
        ['running', 'Start', 'Stop', 'Restart'],
      ],
    );
  });

  it('speaks of servers for an account at a plain hub, and of labs where another one is meant', async () => {
    const ada = sampleAccount({ site: toHubSite(new URL(`${rsp.baseUrl.origin}/hub/`)), username: 'ada' });
    await accounts.save(ada);
    await keys.choose();
    const alone = told['rsp.atHub'];
    await accounts.save(vera());
    await keys.choose();
    const nobody = told['rsp.atHub'];
    preferred = ada;
    await keys.choose();
    const atHub = told['rsp.atHub'];
    preferred = vera();
    await keys.choose();
    assert.deepEqual([alone, nobody, atHub, told['rsp.atHub']], [true, false, true, false]);
  });

  it('tells the welcome why nothing can be shown', async () => {
    await accounts.save(vera());
    await keys.choose();
    const before = told['rsp.unreachable'];
    const desk = desks.of(vera().id);
    await rsp.stop();
    await desk.overview.refresh(never);
    assert.deepEqual(
      [before, told['rsp.unreachable'], told['rsp.givenTrouble']],
      [undefined, 'network', undefined],
    );
  });
});
