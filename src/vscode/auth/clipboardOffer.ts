import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import type { Secret } from '../../common/secret';
import type { SiteTokens } from '../../domain/accounts/signIn';

const USE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('clippy'),
  tooltip: 'Use the token on the clipboard',
};

/**
 * Offers the token on the clipboard when somebody comes back from the token page.
 *
 * The clipboard is read only after they used our way to the page, only as the window gets the focus again, and what is
 * found is taken only when they say so.
 */
export class ClipboardOffer {
  readonly #isKnown: (token: Secret) => boolean;
  readonly #tokens: Pick<SiteTokens, 'toToken' | 'isPlainlyToken' | 'tokenName'>;
  #isArmed = false;
  #token: Secret | undefined;

  /** @param isKnown - tells tokens that are in use already, which nobody wants to enter again. */
  constructor(
    isKnown: (token: Secret) => boolean,
    tokens: Pick<SiteTokens, 'toToken' | 'isPlainlyToken' | 'tokenName'>,
  ) {
    this.#isKnown = isKnown;
    this.#tokens = tokens;
  }

  /** What Enter in the empty input means. */
  get token(): Secret | undefined {
    return this.#token;
  }

  /** The person has gone to the page by our button. */
  arm(): void {
    this.#isArmed = true;
  }

  /** Serves one input until what comes back is released. */
  attach(input: vscode.InputBox, accept: () => void): Disposable {
    const owned = new Owned();
    const { buttons } = input;
    const isFree = (): boolean => !owned.isEnded && input.value === '';
    const look = async (): Promise<void> => {
      if (!this.#isArmed || !isFree()) return;
      const found = await this.#read();
      if (!isFree()) return;
      this.#token = found && !this.#isKnown(found) ? found : undefined;
      input.buttons = this.#token ? [...buttons, USE] : buttons;
      if (this.#token) say(this.#token);
    };
    const say = (token: Secret): void => {
      input.validationMessage = {
        severity: vscode.InputBoxValidationSeverity.Info,
        message: `The clipboard holds ${this.#tokens.tokenName(token)}. Press Enter to use it.`,
      };
    };
    owned.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) void look();
      }),
    );
    owned.add(
      input.onDidTriggerButton((button) => {
        if (button === USE) accept();
      }),
    );
    owned.add(
      input.onDidChangeValue((value) => {
        if (value === '' && this.#token) say(this.#token);
      }),
    );
    owned.add({ dispose: () => (this.#token = undefined) });
    return owned;
  }

  async #read(): Promise<Secret | undefined> {
    try {
      const text = await vscode.env.clipboard.readText();
      return this.#tokens.isPlainlyToken(text) ? this.#tokens.toToken(text) : undefined;
    } catch {
      return undefined; // a browser may refuse; pasting by hand always works
    }
  }
}
