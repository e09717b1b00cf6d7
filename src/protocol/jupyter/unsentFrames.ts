import type { Log } from '../../common/log';

/** What a client wanted to send, as it handed it over. */
export interface UnsentFrame {
  readonly data: string | ArrayBuffer | Uint8Array;
  readonly isBinary: boolean;
}

interface Left {
  readonly protocol: string;
  readonly frames: readonly UnsentFrame[];
}

/**
 * What could not be sent before a socket was lost, for the next socket of the same client to the same kernel. None of it
 * has ever been on its way, so that nothing is done twice.
 */
export class UnsentFrames {
  readonly #log: Log;
  readonly #left = new Map<string, Left>();

  constructor(log: Log) {
    this.#log = log;
  }

  leave(url: URL, protocol: string, frames: readonly UnsentFrame[]): void {
    const key = clientOf(url);
    const before = this.#left.get(key)?.frames ?? [];
    this.#left.set(key, { protocol, frames: [...before, ...frames] });
  }

  take(url: URL, protocol: string): readonly UnsentFrame[] {
    const key = clientOf(url);
    const left = this.#left.get(key);
    this.#left.delete(key);
    if (!left) return [];
    if (left.protocol === protocol) return left.frames;
    this.#log.warn('What was left to be sent to a kernel is lost: the lab speaks in another way now.');
    return [];
  }

  /** A kernel that has been started anew, or ended, gets nothing that was meant for the one before. */
  forget(kernelId: string): void {
    for (const key of this.#left.keys()) if (key.includes(`/kernels/${kernelId}/`)) this.#left.delete(key);
  }
}

/** Tells one client of one kernel from all others; it names itself in the query. */
export function clientOf(url: URL): string {
  return `${url.host}${url.pathname}?${url.searchParams.get('session_id') ?? ''}`;
}
