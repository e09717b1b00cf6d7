import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { AccountChoice } from '../../src/vscode/auth/accountChoice';
import { accountsOn } from '../fakes/accounts';
import { JumpingClock } from '../fakes/jumpingClock';
import { MapMemory } from '../fakes/mapMemory';
import { OTHER_TOKEN, sampleAccount } from '../fakes/samples';

describe('The account of a workspace', () => {
  const vera = sampleAccount();
  const henrietta = sampleAccount({ username: 'hleavitt', token: new Secret(OTHER_TOKEN), tokenKey: 'v' });
  let accounts: Accounts;
  let everywhere: MapMemory;
  let here: AccountChoice;
  let editors: string | undefined;
  const original = Object.getOwnPropertyDescriptor(vscode.authentication, 'getSession');

  beforeEach(async () => {
    accounts = accountsOn();
    await accounts.save(vera);
    await accounts.save(henrietta);
    everywhere = new MapMemory();
    here = open();
    editors = undefined;
    const getSession = () =>
      Promise.resolve(editors === undefined ? undefined : { account: { id: editors } });
    Object.defineProperty(vscode.authentication, 'getSession', { value: getSession, configurable: true });
  });

  afterEach(() => {
    if (original) Object.defineProperty(vscode.authentication, 'getSession', original);
    accounts.dispose();
  });

  const open = (): AccountChoice =>
    new AccountChoice(accounts, new MapMemory(), everywhere, new NeverClock());
  const name = async (choice: AccountChoice, scopes?: readonly string[]): Promise<string | undefined> =>
    (await choice.preferred(scopes))?.username;

  it('is nobody’s until somebody chooses, then that one here and where nobody has chosen yet', async () => {
    const before = await name(here);
    await here.keep(henrietta);
    const elsewhere = open();
    const inherited = await name(elsewhere);
    await elsewhere.keep(vera);
    assert.deepEqual(
      [before, inherited, await name(here), await name(elsewhere)],
      [undefined, 'hleavitt', 'hleavitt', 'vrubin'],
    );
  });

  it('follows the preference of VS Code, until one is chosen here, and again when VS Code’s changes', async () => {
    editors = vera.id;
    const followed = await name(here);
    await here.keep(henrietta);
    const chosen = await name(here);
    editors = henrietta.id;
    const same = await name(here);
    editors = vera.id;
    await here.keep(henrietta);
    editors = undefined;
    assert.deepEqual(
      [followed, chosen, same, await name(here)],
      ['vrubin', 'hleavitt', 'hleavitt', 'hleavitt'],
    );
  });

  it('is asked for again when the one chosen is gone, or lacks what is needed', async () => {
    await here.keep(henrietta);
    const lacking = await name(here, ['user:token']);
    await accounts.remove(henrietta.id);
    assert.deepEqual([lacking, await name(here)], [undefined, undefined]);
  });
});

describe('The preferences of VS Code', () => {
  it('cannot be read by an extension that was never granted access, though its own command has set them', async () => {
    const id = 'rsp-preferences-test';
    const session = (label: string): vscode.AuthenticationSession => ({
      id: label,
      accessToken: 'none',
      account: { id: label, label },
      scopes: [],
    });
    const changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
    const provider = vscode.authentication.registerAuthenticationProvider(
      id,
      'Preferences',
      {
        onDidChangeSessions: changed.event,
        getSessions: () => Promise.resolve([session('one'), session('other')]),
        createSession: () => Promise.reject(new Error('not here')),
        removeSession: () => Promise.resolve(),
      },
      { supportsMultipleAccounts: true },
    );
    try {
      const isSet = new Promise((resolve) => vscode.authentication.onDidChangeSessions(resolve));
      await vscode.commands.executeCommand(
        '_manageAccountPreferencesForExtension',
        'rsp-notebooks.rsp-notebooks',
        id,
      );
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await isSet;
      assert.equal(await vscode.authentication.getSession(id, [], { silent: true }), undefined);
    } finally {
      provider.dispose();
      changed.dispose();
    }
  });
});

/** The editor of these tests always answers. */
class NeverClock extends JumpingClock {
  override wait(_durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new Error('over')), { once: true }),
    );
  }
}
