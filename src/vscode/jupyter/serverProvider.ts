import * as vscode from 'vscode';
import type {
  JupyterServer,
  JupyterServerCommand,
  JupyterServerCommandProvider,
  JupyterServerProvider,
} from '@vscode/jupyter-extension';
import { Owned, type Disposable } from '../../common/owned';
import { accountLabel, type Account } from '../../domain/accounts/account';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import type { LabServer } from '../../domain/lab/labEntry';
import { tellingKernelStarts } from '../../domain/lab/kernelStart';
import { choiceName } from '../../domain/lab/labMenu';
import { describeLife } from '../../domain/accounts/tokenLife';
import { mannersOf } from '../../domain/personality/manners';
import { hasPart } from '../../domain/personality/traits';
import { ProblemError } from '../../domain/problems/problems';
import type { SignInFlow } from '../auth/signInFlow';
import { isCancellation, withSignal } from '../cancellation';
import type { ChoiceMemory } from '../lab/choiceMemory';
import type { LabFlows } from '../lab/labFlows';
import { tellingWaits } from '../lab/waiting';
import type { Messages } from '../messages';
import type { StartConsent } from './startConsent';

/** The picker shows what is known meanwhile. */
const LOOK_WITHIN_MS = 30_000;

interface StartCommand extends JupyterServerCommand {
  /** Whose lab to start; undefined for the command that signs in. */
  readonly accountId?: string;
  /** One more server, with a name. */
  readonly isNew?: boolean;
  /** The lab of last time, without a question. */
  readonly isUsual?: boolean;
}

export interface ServerProviderParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: () => Promise<LabFlows>;
  readonly signInFlow: () => Promise<SignInFlow>;
  readonly consent: StartConsent;
  readonly messages: Messages;
  readonly memory: Pick<ChoiceMemory, 'last'>;
}

/**
 * Lends each account's labs to the Jupyter extension as servers that stay the same for ever, whatever lab runs behind
 * them: notebooks remember the id, and would lose their kernel with it.
 */
export class RspServerProvider implements JupyterServerProvider, JupyterServerCommandProvider, Disposable {
  readonly #accounts: Accounts;
  readonly #desks: Desks;
  readonly #flows: () => Promise<LabFlows>;
  readonly #signIn: () => Promise<SignInFlow>;
  readonly #consent: StartConsent;
  readonly #messages: Messages;
  readonly #memory: Pick<ChoiceMemory, 'last'>;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<void>());
  /** What is listened to already. */
  readonly #heard = new WeakSet<LabServer['onDidMiss']>();
  /** Whose shared servers are known. */
  readonly #looked = new Set<string>();
  #ids = '';

  readonly onDidChangeServers = this.#didChange.event;

  constructor({ accounts, desks, flows, signInFlow, consent, messages, memory }: ServerProviderParts) {
    this.#accounts = accounts;
    this.#desks = desks;
    this.#flows = flows;
    this.#signIn = signInFlow;
    this.#consent = consent;
    this.#messages = messages;
    this.#memory = memory;
    this.#owned.add(
      desks.onDidChange((desk) => {
        if (!desk) this.#announce();
      }),
    );
  }

  /** From memory; it throws when the accounts cannot be read, since an empty list would make notebooks forget them. */
  async provideJupyterServers(): Promise<JupyterServer[]> {
    await this.#accounts.load();
    return this.#desks.all.map(toServer);
  }

  /**
   * Joins the lab. It starts none, unless the person wants that in this very moment.
   *
   * The Jupyter extension shows little or nothing of what is thrown here, so the message is shown first.
   */
  async resolveJupyterServer(server: JupyterServer, token: vscode.CancellationToken): Promise<JupyterServer> {
    await this.#accounts.load();
    const desk = this.#desks.of(server.id);
    const isWanted = this.#consent.isWanted();
    try {
      return await withSignal(token, (signal) => this.#resolve(desk, signal));
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (!isWanted) throw error; // a look behind the scenes: nobody waits for an answer
      const retry = (): Promise<unknown> => this.#resolve(desk, new AbortController().signal);
      const sentence = this.#messages.show(error, desk.account.site, desk.account.id, retry);
      throw new Error(sentence, { cause: error });
    }
  }

  provideCommands(): StartCommand[] {
    this.#consent.pickerOpened();
    void this.#lookForShared();
    const accounts = this.#accounts.current;
    if (accounts.length === 0) {
      return [{ label: '$(sign-in) Sign in to a Rubin Science Platform…', canBeAutoSelected: true }];
    }
    // Those that have a name stand in the list of servers already.
    const idle = this.#desks.ofAccounts.filter(({ lab }) => lab.state.kind !== 'running');
    return [
      ...idle.flatMap((desk) => this.#usualCommand(desk)),
      ...idle.map(({ account }) => ({
        label: `$(rocket) ${mannersOf(account.site).startLabel}`,
        description: describe(account),
        accountId: account.id,
      })),
      // With one server and nothing else to choose, the Jupyter extension goes on to its kernels without a question.
      ...accounts
        .filter(({ site, id }) => hasPart(site, 'namedServers') && this.#desks.ofAccount(id).length > 1)
        .map((account) => ({
          label: '$(add) Start a new named server…',
          description: describe(account),
          accountId: account.id,
          isNew: true,
        })),
    ];
  }

  async handleCommand(command: StartCommand): Promise<JupyterServer | undefined> {
    try {
      const account =
        command.accountId === undefined
          ? await (await this.#signIn()).run()
          : this.#accounts.find(command.accountId);
      const desk = account && (await this.#start(account, command));
      if (desk) return toServer(desk);
    } catch (error) {
      this.#messages.show(error, { host: 'the site', name: 'the site' });
    }
    await leavePicker();
    return undefined;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** From memory: the picker waits for it, and the site is asked when it is chosen. */
  #usualCommand({ account, lab }: Desk): readonly StartCommand[] {
    const usual = lab.state.kind === 'starting' ? undefined : this.#memory.last(account.id);
    if (!usual) return [];
    return [
      {
        label: `$(history) ${mannersOf(account.site).usualLabel}: ${choiceName(usual)}`,
        description: describe(account),
        accountId: account.id,
        isUsual: true,
      },
    ];
  }

  /** @returns the desk whose lab runs now. */
  async #start({ id }: Account, { isUsual, isNew }: StartCommand): Promise<Desk | undefined> {
    const desk = this.#desks.of(id);
    const flows = await this.#flows();
    if (isNew === true) {
      const { startNewServer } = await import('../lab/newServer');
      return startNewServer(this.#desks, flows, desk);
    }
    const outcome = await (isUsual === true ? flows.startUsual(desk) : flows.start(desk));
    return outcome === 'running' ? desk : undefined;
  }

  async #resolve(desk: Desk, signal: AbortSignal): Promise<JupyterServer> {
    try {
      return await this.#join(desk, signal);
    } catch (error) {
      if (
        error instanceof ProblemError &&
        error.problem.kind === 'sharedNotAgreed' &&
        this.#consent.isWanted()
      )
        return this.#joinAfterYes(desk, signal);
      if (!(error instanceof ProblemError) || !['labNotRunning', 'labStarting'].includes(error.problem.kind))
        throw error;
      const outcome = await this.#consent.startIfWanted(desk, error.problem.kind === 'labStarting');
      if (outcome !== 'running') throw error;
      return this.#join(desk, signal);
    }
  }

  /** Whoever says no needs no message about it. */
  async #joinAfterYes(desk: Desk, signal: AbortSignal): Promise<JupyterServer> {
    const { askToJoin } = await import('../lab/joinShared');
    if (!(await askToJoin(this.#desks, desk))) throw new vscode.CancellationError();
    return this.#join(desk, signal);
  }

  /** So that what others shared is listed where nobody has opened the side bar; asked once for each account. */
  async #lookForShared(): Promise<void> {
    const desks = this.#desks.ofAccounts.filter(({ account }) => hasPart(account.site, 'namedServers'));
    for (const { account, lab } of desks) {
      if (this.#looked.has(account.id)) continue;
      this.#looked.add(account.id);
      const signal = AbortSignal.timeout(LOOK_WITHIN_MS);
      try {
        if (lab.state.kind === 'unknown') await lab.refresh(signal); // tells which version of a hub it is
        await lab.lookUpShared(signal);
      } catch {
        this.#looked.delete(account.id); // the next picker asks again
      }
    }
  }

  async #join(desk: Desk, signal: AbortSignal): Promise<JupyterServer> {
    const { site, id } = desk.account;
    const { address, fetch, socketClass, onDidMiss } = await tellingWaits(desk, () => desk.lab.enter(signal));
    if (!this.#heard.has(onDidMiss)) {
      this.#heard.add(onDidMiss);
      this.#owned.add(
        onDidMiss((problem) => this.#messages.showFromBackground(new ProblemError(problem), desk.account)),
      );
    }
    return {
      ...toServer(desk),
      connectionInformation: {
        baseUrl: toUri(address.url),
        fetch: tellingKernelStarts(fetch, site, (error) => this.#messages.show(error, site, id)),
        WebSocket: socketClass,
      },
    };
  }

  /** Each announcement costs several rounds in the Jupyter extension, so only a change of the list is one. */
  #announce(): void {
    const ids = this.#desks.all.map(({ account }) => account.id).join('\n');
    if (ids === this.#ids) return;
    this.#ids = ids;
    this.#didChange.fire();
  }
}

function describe(account: Account): string {
  return `${accountLabel(account)}, token ${describeLife(account, Date.now())}`;
}

function toServer({ account }: Desk): JupyterServer {
  return { id: account.id, label: accountLabel(account) };
}

/** The Jupyter extension takes the address without encoding anything, so what is encoded in it is left as it is. */
function toUri({ protocol, host, pathname }: URL): vscode.Uri {
  return vscode.Uri.from({ scheme: protocol.replace(/:$/, ''), authority: host, path: pathname });
}

/** A picker that is left without an answer stays busy for ever unless somebody closes it. */
async function leavePicker(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
}
