import type { Clock } from '../../common/clock';
import type { Secret } from '../../common/secret';
import { keyOfToken } from './token';

/** As long as the site's own ingress remembers what it thinks of a token. */
const LONGEST_MS = 5 * 60_000;
const MOST_TOKENS = 32;

export interface AskOptions {
  /** Asks anew, whatever is remembered, and remembers that instead. */
  readonly isFresh?: boolean;
}

interface Known<T> {
  readonly value: T;
  readonly askedAtMs: number;
}

/** A question that is on its way, shared by all who want its answer. */
interface Flight<T> {
  readonly answer: Promise<T>;
  readonly isFresh: boolean;
  readonly controller: AbortController;
  waiting: number;
}

interface Entry<T> {
  readonly token: Secret;
  known?: Known<T>;
  flight?: Flight<T>;
}

/**
 * The newest answer to one question about each of a few tokens.
 *
 * Answers are at most five minutes old, counted from the question; failures are never kept. Those who ask the same at the
 * same time wait for one answer, and it is given up only when the last of them has left. Found by the public key of
 * a token, but given only to who holds its secret too.
 */
export class AnswerCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer about `token`: the one that is remembered, or else what `ask` brings. */
  async get(
    token: Secret,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    { isFresh = false }: AskOptions = {},
  ): Promise<T> {
    signal.throwIfAborted();
    const entry = this.#entryOf(token);
    if (!isFresh && entry.known && this.#isYoung(entry.known)) return entry.known.value;
    // A question on its way may have been answered before whatever makes somebody ask anew.
    const { flight } = entry;
    const isShared = flight && !flight.controller.signal.aborted && (!isFresh || flight.isFresh);
    return waitFor(isShared ? flight : this.#start(entry, ask, isFresh), signal);
  }

  /** Forgets the token with this key; answers that are on their way still come, but are not kept. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  #entryOf(token: Secret): Entry<T> {
    const key = keyOfToken(token);
    const found = this.#entries.get(key);
    if (found?.token.equals(token)) return found;
    const entry: Entry<T> = { token };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_TOKENS && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #isYoung({ askedAtMs }: Known<T>): boolean {
    const ageMs = this.#clock.nowMs() - askedAtMs;
    return ageMs >= 0 && ageMs < LONGEST_MS; // less than nothing after the computer's clock was set back
  }

  #start(entry: Entry<T>, ask: (signal: AbortSignal) => Promise<T>, isFresh: boolean): Flight<T> {
    const controller = new AbortController();
    const askedAtMs = this.#clock.nowMs();
    const answer = ask(controller.signal);
    const flight: Flight<T> = { answer, isFresh, controller, waiting: 0 };
    entry.flight = flight;
    const end = (): boolean => {
      const isNewest = entry.flight === flight;
      if (isNewest) delete entry.flight;
      return isNewest;
    };
    answer.then(
      (value) => {
        if (end()) entry.known = { value, askedAtMs };
      },
      end, // told to everybody who waits
    );
    return flight;
  }
}

/** The answer of a question that others may wait for too; whoever leaves last takes it back. */
async function waitFor<T>(flight: Flight<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('', 'AbortError'));
    };
  });
  flight.waiting += 1;
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([flight.answer, left]);
  } finally {
    signal.removeEventListener('abort', leave);
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.controller.abort();
  }
}
