interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * One piece of work in flight, shared by everybody who asks while it runs, and forgotten when it settles.
 *
 * Whoever leaves early only leaves: the work itself is aborted when nobody waits for it any more.
 */
export class SharedWork<T> {
  #running: Running<T> | undefined;

  async run(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const running = (this.#running ??= this.#start(work));
    running.waiting++;
    try {
      return await untilAborted(running.result, signal);
    } finally {
      if (--running.waiting === 0) {
        if (this.#running === running) this.#running = undefined;
        running.controller.abort();
      }
    }
  }

  #start(work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const result = work(controller.signal);
    const running: Running<T> = { result, controller, waiting: 0 };
    const forget = (): void => {
      if (this.#running === running) this.#running = undefined;
    };
    result.then(forget, forget);
    return running;
  }
}

/** Waits for `result` until `signal` says that nobody wants it any more. */
export async function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([result, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
