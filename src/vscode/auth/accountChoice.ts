import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Account } from '../../domain/accounts/account';
import { lackingAnywhere } from '../../domain/accounts/scopes';
import type { Accounts } from '../../domain/accounts/accounts';
import type { MemoryPort } from '../../domain/accounts/memory';
import { AUTH_PROVIDER } from '../ids';

const KEY = 'chosenAccount';
/** The editor answers after a sign-in that is under way, which may take for ever. */
const ANSWER_WITHIN_MS = 1500;

/** A choice made in our own picker, and what the editor's preference was at that moment. */
interface Kept {
  readonly accountId: string;
  readonly editorsId: string | undefined;
}

/**
 * Which account a workspace works with.
 *
 * The editor keeps such a preference of its own for each extension, by workspace and, for other workspaces, the latest
 * one: set as somebody signs in by the Accounts menu, and by its command "Manage Extension Account Preferences". An
 * extension can read but not write it, so what is chosen in our picker is kept beside it in the same way, and counts
 * until the editor's changes.
 */
export class AccountChoice {
  readonly #accounts: Accounts;
  readonly #workspace: MemoryPort;
  readonly #everywhere: MemoryPort;
  readonly #clock: Clock;
  readonly #didChange = new Emitter<undefined>();

  /** Fires when somebody has chosen here; what they choose in the editor itself is not told. */
  readonly onDidChange: Event<undefined> = this.#didChange.event;

  constructor(accounts: Accounts, workspace: MemoryPort, everywhere: MemoryPort, clock: Clock) {
    this.#accounts = accounts;
    this.#workspace = workspace;
    this.#everywhere = everywhere;
    this.#clock = clock;
  }

  /** The account to use unasked; undefined when nobody has chosen, or when the one chosen is gone or lacks `scopes`. */
  async preferred(scopes: readonly string[] = []): Promise<Account | undefined> {
    const kept = toKept(this.#workspace.get(KEY)) ?? toKept(this.#everywhere.get(KEY));
    const editorsId = await this.#askEditor(scopes);
    const isKept = kept && (editorsId === undefined || kept.editorsId === editorsId);
    const id = isKept ? kept.accountId : editorsId;
    const account = id === undefined ? undefined : this.#accounts.find(id);
    return account && lackingAnywhere(scopes, account).length === 0 ? account : undefined;
  }

  /** Remembers the account for this workspace, and for those in which nobody has chosen yet. */
  async keep(account: Account): Promise<void> {
    const kept: Kept = { accountId: account.id, editorsId: await this.#askEditor([]) };
    await Promise.all([this.#workspace.update(KEY, kept), this.#everywhere.update(KEY, kept)]);
    this.#didChange.fire(undefined);
  }

  async #askEditor(scopes: readonly string[]): Promise<string | undefined> {
    const answered = new AbortController();
    const late = this.#clock.wait(ANSWER_WITHIN_MS, answered.signal).catch(() => undefined);
    try {
      const asked = vscode.authentication.getSession(AUTH_PROVIDER, [...scopes], { silent: true });
      const session = await Promise.race([asked, late]);
      return session ? session.account.id : undefined;
    } catch {
      return undefined; // the editor has none: ours counts
    } finally {
      answered.abort();
    }
  }
}

/** Small enough to check by hand: the schema library would have to be loaded for it. */
function toKept(value: unknown): Kept | undefined {
  if (typeof value !== 'object' || value === null || !('accountId' in value)) return undefined;
  const { accountId } = value;
  const editorsId = 'editorsId' in value && typeof value.editorsId === 'string' ? value.editorsId : undefined;
  return typeof accountId === 'string' ? { accountId, editorsId } : undefined;
}
