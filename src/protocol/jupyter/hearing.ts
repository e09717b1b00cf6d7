import type { KernelMessage } from './kernelMessage';

/** Where a message stands among all that its kernel has said. */
export interface Turn {
  readonly kernel: string;
  readonly number: number;
}

/** How far it was heard when a message came. */
export interface Mark {
  readonly turn: Turn | undefined;
  readonly heard: number;
}

const NUMBERED = /^(.+)_(\d{1,15})$/;

/**
 * Kernels that are made with jupyter_client number whatever they say, on all their channels together: the id of a message
 * is `<session>_<process>_<number>`. Servers mix in words of their own, in which the session is another.
 *
 * @returns undefined when the id is of another make.
 */
export function turnOf(id: string | undefined): Turn | undefined {
  const parts = NUMBERED.exec(id ?? '');
  return parts?.[1] === undefined ? undefined : { kernel: parts[1], number: Number(parts[2]) };
}

/** Knows how much of what a kernel has said since its connection was cut did not arrive. */
export class Hearing {
  readonly #last: Turn | undefined;
  #heard = 0;
  /** The numbers of what came on other channels, which may be ahead of the one that shows output. */
  readonly #aside = new Set<number>();

  /**
   * @param last - the last that was shown before the cut.
   * @param replies - what had come on other channels by then.
   */
  constructor(last: Turn | undefined, replies: readonly (Turn | undefined)[]) {
    this.#last = last;
    for (const reply of replies) if (reply && this.#isLater(reply)) this.#aside.add(reply.number);
  }

  /** To be called with each message that comes after the cut. */
  hear({ id, channel }: KernelMessage): void {
    const turn = turnOf(id);
    if (!turn || !this.#isLater(turn)) return;
    if (channel === 'iopub') this.#heard++;
    else this.#aside.add(turn.number);
  }

  /** To be called with a message that has just been heard on the channel that shows output, where all comes in order. */
  mark({ id }: KernelMessage): Mark {
    return { turn: turnOf(id), heard: this.#heard };
  }

  /** How many messages before the marked one were not heard; infinitely many where that cannot be told. */
  missing({ turn, heard }: Mark): number {
    const last = this.#last;
    if (!last || !turn || turn.kernel !== last.kernel) return Infinity;
    const aside = [...this.#aside].filter((number) => number < turn.number).length;
    return turn.number - last.number - heard - aside;
  }

  #isLater({ kernel, number }: Turn): boolean {
    return this.#last !== undefined && kernel === this.#last.kernel && number > this.#last.number;
  }
}
