import * as vscode from 'vscode';
import { systemClock } from '../../common/clock';
import type { Log } from '../../common/log';
import { accountLabel, tokenTitle, type Account } from '../../domain/accounts/account';
import type { Accounts } from '../../domain/accounts/accounts';
import { TokenFamily } from '../../domain/accounts/tokenFamily';
import { missingFor } from '../../domain/accounts/scopes';
import {
  hasLab,
  signOutExtras,
  signOutSentences,
  tokenIsLeft,
  whatIsLeft,
  type LeftLab,
  type SignOutExtra,
  type SignOutFacts,
} from '../../domain/accounts/signOutWords';
import type { Lab } from '../../domain/lab/lab';
import type { Desk } from '../../domain/desk';
import { Desks, type DeskAccounts } from '../../domain/desks';
import { traitsOf } from '../../domain/personality/traits';
import { ProblemError, toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import { isShared } from '../../domain/servers/namedServer';
import type { Protocol } from '../../protocol';
import { RequestFailure } from '../../protocol/http/failures';
import { pickMany } from '../quickInput';
import { openOrShowPage } from './tokenPage';

type ExtraItem = SignOutExtra & vscode.QuickPickItem;

const SIGN_OUT = 'Sign Out';
const MORE = 'Sign Out and More…';
/** Somebody waits to sign out; a site that does not answer must not hold them. */
const LOOK_WITHIN_MS = 10_000;
const WORK_WITHIN_MS = 180_000;

/** Signs people out: it says what that does, and does what they choose along with it. */
export class SignOutFlow {
  readonly #protocol: () => Promise<Protocol>;
  readonly #accounts: Accounts;
  readonly #log: Log;

  constructor(protocol: () => Promise<Protocol>, accounts: Accounts, log: Log) {
    this.#protocol = protocol;
    this.#accounts = accounts;
    this.#log = log;
  }

  /**
   * Signs the desk's account out after a yes. The lab is stopped first and the token revoked next, as far as that was
   * chosen, while there is a token to do it with.
   *
   * @returns whether the account is signed out now.
   */
  async run(desk: Desk, desks: Pick<Desks, 'ofAccount'>): Promise<boolean> {
    const { account } = desk.main;
    const all = (): readonly Desk[] => desks.ofAccount(account.id);
    const facts = await this.#look(all);
    const extras = signOutExtras(facts);
    const [only, ...others] = extras;
    const more = others.length > 0 ? MORE : only && `${only.button} and Sign Out`;
    const sentences = [
      ...signOutSentences(facts, Date.now()),
      ...(only && others.length === 0 ? [only.detail] : []),
    ];
    const answer = await vscode.window.showWarningMessage(
      `Sign out ${accountLabel(account)}?`,
      { modal: true, detail: sentences.join('\n\n') },
      SIGN_OUT,
      ...(more === undefined ? [] : [more]),
    );
    if (answer !== SIGN_OUT && answer !== more) return false;
    const chosen = answer === SIGN_OUT ? [] : answer === MORE ? await chooseExtras(account, extras) : extras;
    if (!chosen) return false;
    for (const extra of chosen) {
      if (!(await this.#isDone(extra, all)) && !(await this.#confirmAllTheSame(account))) return false;
    }
    await this.#accounts.remove(account.id);
    return true;
  }

  /** What else could be done for an account that was signed out in the Accounts menu, while its token is at hand. */
  async offerAfterwards(account: Account): Promise<void> {
    const desks = this.#desksOf(account);
    try {
      await this.#offer(account, () => desks.all);
    } finally {
      desks.dispose();
    }
  }

  async #offer(account: Account, all: () => readonly Desk[]): Promise<void> {
    const facts = await this.#look(all);
    let left: readonly SignOutExtra[] = signOutExtras(facts);
    let told = `Signed out: ${accountLabel(account)}. ${whatIsLeft(facts, Date.now()).join(' ')}`;
    while (left.length > 0) {
      const answer = await vscode.window.showInformationMessage(told, ...left.map(({ button }) => button));
      const extra = left.find(({ button }) => button === answer);
      if (!extra) return;
      if (!(await this.#isDone(extra, all))) continue;
      left = extra.does === 'stopLab' ? left.filter((other) => other !== extra) : [];
      told = `The ${traitsOf(account.site).labNoun} of ${accountLabel(account)} is stopped. ${tokenIsLeft(account, Date.now())}`;
    }
  }

  /** What there is to say and to choose; what cannot be learned now is left out. */
  async #look(all: () => readonly Desk[]): Promise<SignOutFacts> {
    const [main] = all();
    if (!main) throw new ProblemError({ kind: 'notSignedIn' });
    const { account, lab } = main;
    const options = {
      location: vscode.ProgressLocation.Window,
      title: `Asking ${account.site.name} about your ${traitsOf(account.site).labNoun}`,
    };
    return vscode.window.withProgress(options, async () => {
      const signal = AbortSignal.timeout(LOOK_WITHIN_MS);
      const state = account.isRefused ? lab.state : await lab.refresh(signal).catch(() => lab.state);
      const isLabsParent = hasLab(state) ? await this.#isLabsParent(account, lab, signal) : false;
      const [own, ...named] = await Promise.all(all().map((desk) => lookInto(desk, signal)));
      const others = named.filter((left) => hasLab(left.lab) && !isShared(left.account));
      return { account, lab: state, sessions: own?.sessions, isLabsParent, others };
    });
  }

  async #isLabsParent(account: Account, lab: Lab, signal: AbortSignal): Promise<boolean | undefined> {
    if (account.isRefused || missingFor('tokens', account).length > 0) return undefined;
    try {
      return await new TokenFamily(this.#protocol, () => lab).isLabsParent(account, account.tokenKey, signal);
    } catch {
      return undefined; // said as a possibility then
    }
  }

  async #isDone(extra: SignOutExtra, all: () => readonly Desk[]): Promise<boolean> {
    const [main] = all();
    if (!main) return false;
    const { account } = main;
    try {
      await this.#do(extra, main, all());
      return true;
    } catch (error) {
      const what =
        extra.does === 'stopLab'
          ? `The ${traitsOf(account.site).labNoun} was not stopped`
          : 'The token was not revoked';
      this.#log.error(what, error);
      void vscode.window.showErrorMessage(
        `${what}. ${sentenceOf(toProblem(error, account.site), account.site)}`,
      );
      return false;
    }
  }

  async #do({ does }: SignOutExtra, { account, lab }: Desk, all: readonly Desk[]): Promise<void> {
    const { site } = account;
    const shown = (title: string, work: (signal: AbortSignal) => Promise<void>): Thenable<void> =>
      vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
        work(AbortSignal.timeout(WORK_WITHIN_MS)),
      );
    switch (does) {
      case 'stopLab':
        for (const desk of all.filter((each) => hasLab(each.lab.state) && !isShared(each.account)))
          await shown(`Stopping your ${traitsOf(site).labNoun} on ${desk.account.site.name}`, (signal) =>
            desk.lab.stop(signal),
          );
        return;
      case 'revoke':
        await shown(`Revoking the token at ${site.name}`, async (signal) => {
          // What was made with it for servers of others is ended while it can be.
          await Promise.all(all.map((desk) => desk.lab.giveBack()));
          await this.#revoke(account, lab, signal);
        });
        return;
      case 'openTokenPage':
        if (site.tokensUrl) await openOrShowPage(site.tokensUrl);
    }
  }

  async #revoke(account: Account, lab: Lab, signal: AbortSignal): Promise<void> {
    try {
      await new TokenFamily(this.#protocol, () => lab).revoke(account, account.tokenKey, signal);
    } catch (error) {
      // Somebody else has ended it already: that is what was wanted.
      if (!(error instanceof RequestFailure) || error.kind !== 'unauthorized') throw error;
    }
    this.#log.info(`${account.username} revoked the token ${tokenTitle(account)} at ${account.site.host}`);
  }

  async #confirmAllTheSame(account: Account): Promise<boolean> {
    const signOut = 'Sign Out All the Same';
    const answer = await vscode.window.showWarningMessage(
      `${accountLabel(account)} is still signed in, as not everything could be done. Sign out all the same?`,
      { modal: true },
      signOut,
    );
    return answer === signOut;
  }

  /** The desks are cleared with the sign-out, so the labs are reached by some of their own. */
  #desksOf(account: Account): Desks {
    const accounts: DeskAccounts = {
      current: [account],
      find: () => account,
      absence: { kind: 'notSignedIn' },
      onDidChange: () => ({ dispose: () => undefined }),
      refuse: (refused) => this.#accounts.refuse(refused),
    };
    return new Desks(accounts, this.#protocol, systemClock, this.#log);
  }
}

async function lookInto({ account, lab, inside }: Desk, signal: AbortSignal): Promise<LeftLab> {
  const isRunning = lab.state.kind === 'running';
  const sessions = isRunning ? await inside.fetchSessions(signal).catch(() => undefined) : undefined;
  return { account, lab: lab.state, sessions };
}

/** None is an answer, too; undefined when the person left. */
async function chooseExtras(
  account: Account,
  extras: readonly SignOutExtra[],
): Promise<readonly SignOutExtra[] | undefined> {
  const items = extras.map((extra): ExtraItem => ({ ...extra, alwaysShow: true }));
  return pickMany({
    title: `Sign Out ${accountLabel(account)}`,
    placeholder: 'Tick what to do before; OK signs out',
    items,
  });
}
