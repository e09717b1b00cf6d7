import type { RunningSession } from '../../protocol/jupyter/sessions';
import { keyInPath } from '../../protocol/jupyter/sessionLeaf';
import type { Known } from '../rows/row';

/** A desk, as far as it takes to tell who works there. */
export interface Workplace {
  readonly account: { readonly id: string };
  readonly inside: { work(): Promise<{ readonly kernels: readonly { readonly id: string }[] }> };
  readonly overview: { readonly facts: { readonly sessions: Known<readonly RunningSession[]> } };
}

/** Tells on which server a notebook of this window has its kernel, from what is known already; it asks nobody. */
export class Workplaces {
  /** By the keys of notebooks. */
  readonly #last = new Map<string, string>();

  /**
   * The id of the account, or of its server, that a notebook works with, or did last; undefined while that is not known.
   *
   * @param key - by which the sessions of the notebook are told from all others.
   */
  async of(key: string, desks: readonly Workplace[]): Promise<string | undefined> {
    const found = desks.filter((desk) => kernelsFor(key, desk).length > 0);
    // A notebook that has changed its server leaves a session behind, to which nobody is connected from here.
    const here = found.length > 1 ? await Promise.all(found.map((desk) => isJoined(key, desk))) : [];
    const desk = found.find((_, place) => here[place]) ?? (found.length === 1 ? found[0] : undefined);
    if (desk) this.#last.set(key, desk.account.id);
    return this.#last.get(key);
  }
}

async function isJoined(key: string, desk: Workplace): Promise<boolean> {
  const { kernels } = await desk.inside.work();
  const own = kernelsFor(key, desk);
  return kernels.some(({ id }) => own.includes(id));
}

function kernelsFor(key: string, { overview }: Workplace): readonly (string | undefined)[] {
  const { sessions } = overview.facts;
  if (sessions.kind !== 'known') return [];
  return sessions.value
    .filter(({ path }) => path !== undefined && keyInPath(path) === key)
    .map(({ kernelId }) => kernelId);
}
