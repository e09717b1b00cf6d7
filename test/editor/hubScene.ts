import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { Desks } from '../../src/domain/desks';
import { RspServerProvider } from '../../src/vscode/jupyter/serverProvider';
import { StartConsent } from '../../src/vscode/jupyter/startConsent';
import { ChoiceMemory } from '../../src/vscode/lab/choiceMemory';
import { LabFlows } from '../../src/vscode/lab/labFlows';
import { Messages } from '../../src/vscode/messages';
import { accountsOn } from '../fakes/accounts';
import { FakePlainHub, HUB_TOKEN } from '../fakes/fakePlainHub';
import { JumpingClock } from '../fakes/jumpingClock';
import { MapMemory } from '../fakes/mapMemory';
import { sampleAccount } from '../fakes/samples';
import { Dialogs } from './dialogs';

/** Ada, signed in at a hub, with what offers her servers to notebooks. */
export class HubScene {
  readonly accounts: Accounts = accountsOn();
  readonly desks: Desks;
  readonly messages: Messages;
  readonly flows: LabFlows;
  readonly provider: RspServerProvider;
  readonly dialogs = new Dialogs();
  readonly account: Account;

  private constructor(readonly hub: FakePlainHub) {
    const { accounts } = this;
    const protocol = hub.protocol();
    const clock = new JumpingClock();
    const desks = new Desks(accounts, () => Promise.resolve(protocol), clock, silentLog, new MapMemory());
    const messages = new Messages(silentLog, accounts);
    const memory = new ChoiceMemory(new MapMemory());
    const flows = new LabFlows(memory, messages);
    const getFlows = (): Promise<LabFlows> => Promise.resolve(flows);
    this.provider = new RspServerProvider({
      accounts,
      desks,
      flows: getFlows,
      signInFlow: () => Promise.reject(new vscode.CancellationError()),
      consent: new StartConsent(getFlows, desks, clock),
      messages,
      memory,
    });
    this.account = sampleAccount({ site: hub.site, username: 'ada', token: new Secret(HUB_TOKEN) });
    this.desks = desks;
    this.messages = messages;
    this.flows = flows;
  }

  /** @param prepare - lets the hub have what it has before anybody is signed in. */
  static async start(prepare: (hub: FakePlainHub) => void): Promise<HubScene> {
    const hub = await FakePlainHub.start();
    prepare(hub);
    const scene = new HubScene(hub);
    await scene.accounts.save(scene.account);
    return scene;
  }

  async stop(): Promise<void> {
    this.dialogs.dispose();
    this.provider.dispose();
    this.messages.dispose();
    this.desks.dispose();
    this.accounts.dispose();
    await this.hub.stop();
  }
}
