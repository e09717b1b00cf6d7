import * as vscode from 'vscode';
import type { Disposable } from '../common/owned';

/** A picker with few items is drawn by then. */
const SHOWN_WITHIN_MS = 100;

/** What a step of a picker ended with. */
export type Answer<T> =
  { readonly kind: 'chosen'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'left' };

export interface PickStep<T extends vscode.QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly T[];
  /** More items at the end, so many that the picker is shown without them first, and they are made only then. */
  readonly more?: (() => readonly T[]) | undefined;
  readonly active?: T | undefined;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  /** Items for what is typed, on top of the others. */
  readonly itemsFor?: (value: string) => readonly T[];
  /** Answers a choice that changes the list instead of ending the step. */
  readonly stay?: (item: T) => readonly T[] | undefined;
  /** Takes what was typed or pasted as the choice, without Enter. */
  readonly takes?: (value: string) => T | undefined;
  /** Told of the input as it opens; what comes back is released with the step. */
  readonly onOpen?: (input: vscode.QuickPick<T>) => vscode.Disposable;
}

/** One step of a native picker, with Back where there is a step before. */
export function pick<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<T>();
  input.title = step.title;
  input.placeholder = step.placeholder;
  input.items = step.items;
  input.matchOnDescription = true;
  input.matchOnDetail = true;
  input.ignoreFocusOut = true;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  if (step.active) input.activeItems = [step.active];
  if (step.canGoBack === true) input.buttons = [vscode.QuickInputButtons.Back];
  const attached = step.onOpen?.(input);
  return new Promise((resolve) => {
    const end = (answer: Answer<T>): void => {
      resolve(answer);
      adding?.dispose();
      attached?.dispose();
      input.dispose();
    };
    input.onDidAccept(() => {
      const [chosen] = input.selectedItems;
      if (!chosen) return;
      const items = step.stay?.(chosen);
      if (!items) {
        end({ kind: 'chosen', value: chosen });
        return;
      }
      input.items = items;
      const same = items.find((item) => item.label === chosen.label);
      if (same) input.activeItems = [same];
    });
    input.onDidTriggerButton(() => end({ kind: 'back' }));
    input.onDidHide(() => end({ kind: 'left' }));
    const { itemsFor, takes } = step;
    if (itemsFor) input.onDidChangeValue((value) => (input.items = [...itemsFor(value), ...step.items]));
    if (takes) {
      input.onDidChangeValue((value) => {
        const taken = takes(value);
        if (taken) end({ kind: 'chosen', value: taken });
      });
    }
    const adding = step.more && addOnceShown(input, step.more);
    input.show();
  });
}

/** Adds them once the picker is on the screen. The window does not tell when that is, unless something else becomes active. */
function addOnceShown<T extends vscode.QuickPickItem>(
  input: vscode.QuickPick<T>,
  more: () => readonly T[],
): Disposable {
  const add = (): void => {
    stop();
    const added = more();
    if (added.length === 0) return;
    const [active] = input.activeItems;
    input.keepScrollPosition = true;
    input.items = [...input.items, ...added];
    if (active && input.value === '') input.activeItems = [active];
  };
  const told = input.onDidChangeActive(add);
  const timer = setTimeout(add, SHOWN_WITHIN_MS);
  const stop = (): void => {
    told.dispose();
    clearTimeout(timer);
  };
  return { dispose: stop };
}

type SeveralStep<T extends vscode.QuickPickItem> = Pick<
  PickStep<T>,
  'title' | 'placeholder' | 'items' | 'step' | 'totalSteps' | 'canGoBack'
> & {
  readonly selected?: readonly T[];
};

/** Several rows of a native picker, none included; undefined when the person left. */
export async function pickMany<T extends vscode.QuickPickItem>(
  step: SeveralStep<T>,
): Promise<readonly T[] | undefined> {
  const answer = await pickSeveral(step);
  return answer.kind === 'chosen' ? answer.value : undefined;
}

/** As {@link pickMany}, as one step of several. */
export function pickSeveral<T extends vscode.QuickPickItem>(
  step: SeveralStep<T>,
): Promise<Answer<readonly T[]>> {
  const input = vscode.window.createQuickPick<T>();
  input.title = step.title;
  input.placeholder = step.placeholder;
  input.canSelectMany = true;
  input.items = step.items;
  input.ignoreFocusOut = true;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  if (step.selected) input.selectedItems = step.selected;
  if (step.canGoBack === true) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    const end = (answer: Answer<readonly T[]>): void => {
      resolve(answer);
      input.dispose();
    };
    input.onDidAccept(() => end({ kind: 'chosen', value: input.selectedItems }));
    input.onDidTriggerButton(() => end({ kind: 'back' }));
    input.onDidHide(() => end({ kind: 'left' }));
    input.show();
  });
}

export interface TextStep<T> {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  /** What stands in it already. */
  readonly value?: string;
  readonly isSecret?: boolean;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  readonly buttons?: readonly { readonly button: vscode.QuickInputButton; readonly press: () => void }[];
  /** What is wrong with it while it is typed, without asking anybody. */
  readonly problemIn?: (value: string) => string | undefined;
  /** Whether what was typed or pasted is whole, so that it is checked without Enter. */
  readonly isWhole?: (value: string) => boolean;
  /** Told of the input as it opens, with a way to accept it; what comes back is released with the step. */
  readonly onOpen?: (input: vscode.InputBox, accept: () => void) => vscode.Disposable;
  /** Takes what was entered; a sentence means that it will not do, and the person may correct it. */
  readonly check: (
    value: string,
    signal: AbortSignal,
  ) => Promise<{ readonly value: T } | { readonly sentence: string }>;
}

/** One step that takes text and checks it before it goes on; what was entered stays while it is corrected. */
export function enter<T>(step: TextStep<T>): Promise<Answer<T>> {
  const input = vscode.window.createInputBox();
  input.title = step.title;
  input.prompt = step.prompt;
  input.placeholder = step.placeholder;
  input.value = step.value ?? '';
  input.password = step.isSecret === true;
  input.ignoreFocusOut = true;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  input.buttons = [
    ...(step.canGoBack === true ? [vscode.QuickInputButtons.Back] : []),
    ...(step.buttons ?? []).map(({ button }) => button),
  ];
  const controller = new AbortController();
  return new Promise((resolve) => {
    const accept = async (): Promise<void> => {
      if (input.busy) return;
      input.busy = true;
      input.enabled = false;
      const checked = await step.check(input.value, controller.signal);
      if (controller.signal.aborted) return;
      input.busy = false;
      input.enabled = true;
      if ('value' in checked) end({ kind: 'chosen', value: checked.value });
      else input.validationMessage = checked.sentence;
    };
    input.onDidAccept(() => void accept());
    input.onDidChangeValue((value) => {
      input.validationMessage = step.problemIn?.(value);
      if (step.isWhole?.(value) === true) void accept();
    });
    input.onDidTriggerButton((button) => {
      step.buttons?.find((candidate) => candidate.button === button)?.press();
      if (button === vscode.QuickInputButtons.Back) end({ kind: 'back' });
    });
    input.onDidHide(() => end({ kind: 'left' }));
    const attached = step.onOpen?.(input, () => void accept());
    const end = (answer: Answer<T>): void => {
      resolve(answer);
      controller.abort();
      attached?.dispose();
      input.dispose();
    };
    input.show();
  });
}
