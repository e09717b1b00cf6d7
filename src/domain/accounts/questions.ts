import type { Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { Secret } from '../../common/secret';
import type { Accounts } from './accounts';

/** Something that only the person can decide or do. */
export interface Question {
  /** The same words about the same account are one question, however many failures led to it. */
  readonly words: string;
  readonly accountId: string | undefined;
  /** Nobody here waits for the answer, so it waits until the person is in this window. */
  readonly isFromBackground: boolean;
  /**
   * Puts it to the person, and does what they chose.
   *
   * @param isVoid - tells a late answer that another window or flow has done what there was to do.
   * @returns whether what was missing is there now.
   */
  readonly ask: (isVoid: () => boolean) => Promise<boolean>;
  /** Goes on where it stopped, once what was missing is there. */
  readonly retry: (() => Promise<unknown>) | undefined;
}

/** The window that the questions of this process are put in. */
export interface Front {
  readonly isInFront: boolean;
  readonly onDidComeToFront: Event<undefined>;
}

interface Open {
  readonly question: Question;
  /** The token that it is about; another one in its place makes the question void. */
  readonly token: Secret | undefined;
  readonly retries: (() => Promise<unknown>)[];
  /** Undefined while it waits for the person. */
  askedMs: number | undefined;
  asks: number;
}

/** Who acts again after this long may have lost sight of the question, and sees it again. */
const IN_SIGHT_MS = 10_000;
const MOST_RETRIES = 10;

/**
 * Puts each question once, while it is open, and once among all windows when nobody waits for it.
 *
 * A new token answers all questions about the old one, whoever brought it.
 */
export class Questions implements Disposable {
  readonly #accounts: Pick<Accounts, 'find' | 'onDidChange'>;
  readonly #front: Front;
  readonly #nowMs: () => number;
  readonly #open = new Map<string, Open>();
  readonly #owned = new Owned();

  constructor(accounts: Pick<Accounts, 'find' | 'onDidChange'>, front: Front, nowMs = () => Date.now()) {
    this.#accounts = accounts;
    this.#front = front;
    this.#nowMs = nowMs;
    this.#owned.add(accounts.onDidChange(() => this.#review()));
    this.#owned.add(front.onDidComeToFront(() => this.#askWaiting()));
  }

  put(question: Question): void {
    const key = `${question.accountId ?? ''}\n${question.words}`;
    const known = this.#open.get(key);
    const open: Open = known ?? {
      question,
      token: this.#tokenOf(question),
      retries: [],
      askedMs: undefined,
      asks: 0,
    };
    this.#open.set(key, open);
    if (question.retry) open.retries.push(question.retry);
    if (open.retries.length > MOST_RETRIES) open.retries.shift(); // whoever asked that long ago has given up
    const mayAsk = !question.isFromBackground || this.#front.isInFront;
    const isInSight = open.askedMs !== undefined && this.#nowMs() - open.askedMs < IN_SIGHT_MS;
    if (mayAsk && (open.askedMs === undefined || (!question.isFromBackground && !isInSight)))
      void this.#ask(key, open);
  }

  dispose(): void {
    this.#open.clear();
    this.#owned.dispose();
  }

  async #ask(key: string, open: Open): Promise<void> {
    open.askedMs = this.#nowMs();
    const turn = ++open.asks;
    const isVoid = (): boolean => this.#open.get(key) !== open;
    const isAnswered = await open.question.ask(isVoid).catch(() => false); // who asks says what went wrong
    // Shown again, it is the same question; only the answer to the newest showing ends it.
    if (isVoid() || (turn !== open.asks && !isAnswered)) return;
    this.#close(key, open, isAnswered);
  }

  #close(key: string, open: Open, isAnswered: boolean): void {
    this.#open.delete(key);
    if (!isAnswered) return;
    // One that goes wrong asks its own question.
    for (const retry of open.retries) void retry().catch(() => undefined);
  }

  /** A new token is the answer; after a sign-out nobody needs one. */
  #review(): void {
    for (const [key, open] of this.#open) {
      if (open.question.accountId === undefined || !open.token) continue;
      const token = this.#tokenOf(open.question);
      if (!token?.equals(open.token)) this.#close(key, open, token !== undefined);
    }
  }

  #askWaiting(): void {
    for (const [key, open] of this.#open) if (open.askedMs === undefined) void this.#ask(key, open);
  }

  #tokenOf({ accountId }: Question): Secret | undefined {
    return accountId === undefined ? undefined : this.#accounts.find(accountId)?.token;
  }
}
