import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import type { Desk } from '../../domain/desk';
import type { BusyFlow } from './busyFlow';
import type { CareParts } from './openLabCare';

/**
 * Looks after labs that run: their memory and their end; and tells what sites say to everybody.
 *
 * All of it is loaded when there is something to look after, not before.
 */
export class LabCareLoader implements Disposable {
  readonly #owned = new Owned();
  readonly #opened: () => Promise<BusyFlow>;

  constructor(parts: CareParts) {
    const { desks, log } = parts;
    this.#opened = lazy(async () => (await import('./openLabCare')).openLabCare(parts, this.#owned));
    const look = (desk: Desk | undefined): void => {
      if (!desk || !needsCare(desk)) return;
      this.#opened().catch((error: unknown) => log.error('Nobody looks after labs', error));
    };
    this.#owned.add(desks.onDidChange(look));
  }

  /** Loads what keeps labs busy. */
  busyFlow(): Promise<BusyFlow> {
    return this.#opened();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function needsCare({ overview }: Desk): boolean {
  const { lab, broadcasts } = overview.facts;
  return lab.kind === 'running' || (broadcasts.kind === 'known' && broadcasts.value.length > 0);
}
