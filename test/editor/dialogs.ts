import * as vscode from 'vscode';
import { Emitter } from '../../src/common/emitter';

/** Replaces a function of the editor until the test is over. */
interface Replaced {
  readonly owner: object;
  readonly name: string;
  readonly original: PropertyDescriptor | undefined;
}

/** One quick pick or input box, as the code under test fills it and as a person uses it. */
export class SeenInput {
  title = '';
  placeholder = '';
  prompt = '';
  value = '';
  password = false;
  enabled = true;
  validationMessage: unknown;
  items: readonly vscode.QuickPickItem[] = [];
  activeItems: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  buttons: readonly vscode.QuickInputButton[] = [];
  /** How often it was brought to the front. */
  shown = 0;
  readonly #accepted = new Emitter<void>();
  readonly #valued = new Emitter<string>();
  readonly #triggered = new Emitter<vscode.QuickInputButton>();
  readonly #hidden = new Emitter<void>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidChangeValue = this.#valued.event;
  readonly onDidTriggerButton = this.#triggered.event;
  readonly onDidHide = this.#hidden.event;
  readonly #activated = new Emitter<readonly vscode.QuickPickItem[]>();
  readonly onDidChangeActive = this.#activated.event;
  readonly #told: () => void;
  #isBusy = false;

  constructor(told: () => void) {
    this.#told = told;
  }

  /** While what was entered is checked. */
  get busy(): boolean {
    return this.#isBusy;
  }

  set busy(isBusy: boolean) {
    this.#isBusy = isBusy;
    this.#told();
  }

  show(): void {
    this.shown++;
    if (this.items.length > 0)
      this.#activated.fire(this.activeItems.length > 0 ? this.activeItems : this.items);
    this.#told();
  }

  dispose(): void {
    this.#told();
  }

  type(text: string): void {
    this.value = text;
    this.#valued.fire(text);
  }

  /** Presses Enter, on the row that holds this text. */
  accept(label = ''): void {
    this.selectedItems = this.items.filter((item) => item.label.includes(label)).slice(0, 1);
    this.#accepted.fire();
  }

  /** Ticks every row and presses OK. */
  acceptAll(): void {
    this.selectedItems = this.items;
    this.#accepted.fire();
  }

  press(tooltip: RegExp): void {
    const button = this.buttons.find((one) => tooltip.test(one.tooltip ?? ''));
    if (!button) throw new Error(`There is no button ${tooltip.source}`);
    this.#triggered.fire(button);
  }

  back(): void {
    if (!this.buttons.includes(vscode.QuickInputButtons.Back)) throw new Error('There is no way back');
    this.#triggered.fire(vscode.QuickInputButtons.Back);
  }

  leave(): void {
    this.#hidden.fire();
  }
}

/** Stands where the editor's inputs, its browser and its clipboard are, so that a test may play the person. */
export class Dialogs {
  readonly seen: SeenInput[] = [];
  /** Pages that a browser was asked for. */
  readonly opened: URL[] = [];
  canOpen = true;
  /** Messages and dialogs that were shown, with what a dialog says in detail. */
  readonly said: string[] = [];
  /** Told of the buttons of each message. */
  onSay: ((buttons: readonly string[]) => void) | undefined;
  /** The buttons that the person presses, one message after the other; undefined closes it. */
  answers: (string | undefined)[] = [];
  clipboard = '';
  clipboardReads = 0;
  readonly #replaced: Replaced[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #focus = new Emitter<vscode.WindowState>();
  #taken = 0;

  constructor() {
    const create = (): SeenInput => {
      const input = new SeenInput(() => this.#tell());
      this.seen.push(input);
      return input;
    };
    this.#replace(vscode.window, 'createQuickPick', create);
    this.#replace(vscode.window, 'createInputBox', create);
    this.#replace(vscode.window, 'onDidChangeWindowState', this.#focus.event);
    const say = (message: string, first: unknown, ...rest: unknown[]): Promise<string | undefined> => {
      const isModal = typeof first === 'object' && first !== null;
      const detail =
        isModal && 'detail' in first && typeof first.detail === 'string' ? `\n${first.detail}` : '';
      this.said.push(message + detail);
      const buttons = isModal ? rest : [first, ...rest].filter((button) => button !== undefined);
      this.onSay?.(buttons.filter((button) => typeof button === 'string'));
      const answer = buttons.length > 0 ? this.answers.shift() : undefined;
      if (answer !== undefined && !buttons.includes(answer))
        throw new Error(`${message} has no button ${answer}, only ${buttons.join(', ')}`);
      return Promise.resolve(answer);
    };
    for (const kind of ['Information', 'Warning', 'Error'])
      this.#replace(vscode.window, `show${kind}Message`, say);
    this.#replace(vscode.env, 'openExternal', (uri: vscode.Uri) => {
      this.opened.push(new URL(uri.toString(true)));
      return Promise.resolve(this.canOpen);
    });
    this.#replace(vscode.env, 'clipboard', {
      readText: () => {
        this.clipboardReads++;
        return Promise.resolve(this.clipboard);
      },
      writeText: (text: string) => {
        this.clipboard = text;
        return Promise.resolve();
      },
    });
  }

  /** The next input that opens. */
  async next(): Promise<SeenInput> {
    for (;;) {
      const input = this.seen[this.#taken];
      if (input && input.shown > 0) {
        this.#taken++;
        return input;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** What is said of what was entered, once it has been checked. */
  async verdictOf(input: SeenInput): Promise<unknown> {
    while (input.busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return input.validationMessage;
  }

  /** The person comes back to the window. */
  focus(): void {
    this.#focus.fire({ focused: true, active: true });
  }

  dispose(): void {
    for (const { owner, name, original } of this.#replaced.reverse()) {
      if (original) Object.defineProperty(owner, name, original);
    }
  }

  #replace(owner: object, name: string, value: unknown): void {
    this.#replaced.push({ owner, name, original: Object.getOwnPropertyDescriptor(owner, name) });
    Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
  }

  #tell(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
