import * as vscode from 'vscode';
import { missingFor, purposeOf } from '../../domain/accounts/scopes';
import { shortfallDays } from '../../domain/accounts/shortfall';
import type { Desk } from '../../domain/desk';
import { COMMANDS } from '../ids';
import type { ChoiceMemory } from './choiceMemory';

const START = 'Start Anyway';
const START_ALWAYS = "Start Anyway, Don't Ask Again for This Token";
const NEW_TOKEN = 'Get a New Token…';
const WIDER_TOKEN = 'Get a Token with These Scopes…';

/** What a lab takes over from the token that starts it, and keeps, is said before it is started. */
export class StartChecks {
  readonly #memory: ChoiceMemory;

  constructor(memory: ChoiceMemory) {
    this.#memory = memory;
  }

  /** Whether the lab may be started with the token as it is, or with another that the person has brought. */
  async mayStart(desk: Desk): Promise<boolean> {
    return (await this.#confirmLife(desk)) && (await this.#confirmScopes(desk));
  }

  /** The lab's own access to data ends with the token, so a token that ends early is said before, not after. */
  async #confirmLife(desk: Desk): Promise<boolean> {
    const { account } = desk;
    const missing = shortfallDays(account, Date.now());
    if (missing === undefined) return true;
    const answer = await vscode.window.showWarningMessage(
      `Your token for ${account.site.name} ends before a lab started now may have to.`,
      {
        modal: true,
        detail: `Code in the lab uses a child of your token, fixed when the lab starts. It would lose access to data ${Math.ceil(missing)} day(s) early.`,
      },
      START,
      NEW_TOKEN,
    );
    if (answer === NEW_TOKEN) {
      await vscode.commands.executeCommand(COMMANDS.signIn, account.id);
      return shortfallDays(desk.account, Date.now()) === undefined;
    }
    return answer === START;
  }

  /** Whose token lies ready on this computer may be a robot, which nobody can ask. */
  async #confirmScopes(desk: Desk): Promise<boolean> {
    const { account } = desk;
    const scopes = [...missingFor('tap', account), ...missingFor('images', account)];
    if (scopes.length === 0 || account.origin.kind !== 'stored') return true;
    if (this.#memory.isNarrowTokenFine(account.tokenKey)) return true;
    const answer = await vscode.window.showWarningMessage(
      `Your token for ${account.site.name} does not allow you to ${purposeOf(scopes)}.`,
      {
        modal: true,
        detail: `A lab may do what the token may that starts it, and no more until the next start. This token lacks ${scopes.join(', ')}.`,
      },
      WIDER_TOKEN,
      START,
      START_ALWAYS,
    );
    if (answer === WIDER_TOKEN)
      return (await vscode.commands.executeCommand(COMMANDS.signIn, account.id, { scopes })) !== undefined;
    if (answer === START_ALWAYS) await this.#memory.keepNarrowToken(account.tokenKey);
    return answer === START || answer === START_ALWAYS;
  }
}
