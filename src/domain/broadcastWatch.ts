import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Broadcast } from '../protocol/semaphore/schemas';
import { readTable, type MemoryPort } from './accounts/memory';
import { DAY_MS } from './accounts/tokenLife';
import { withoutLinks } from './plainWords';
import { toPlainText } from './rows/broadcastRows';
import type { Site } from './sites/site';

export interface News {
  readonly site: Pick<Site, 'host' | 'name'>;
  readonly isOutage: boolean;
  /** Without marks. */
  readonly summary: string;
}

const KEY = 'broadcasts';
/** Messages stand for days, some for months; longer than this they are news again. */
const REMEMBERED_MS = 180 * DAY_MS;
const MOST = 500;
const LONGEST = 500;

/** Tells each message of a site once on this computer, however many windows and accounts see it. */
export class BroadcastWatch implements Disposable {
  readonly #memory: MemoryPort;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #didHear = this.#owned.add(new Emitter<News>());

  readonly onDidHear: Event<News> = this.#didHear.event;

  constructor(memory: MemoryPort, clock: Clock, log: Log) {
    this.#memory = memory;
    this.#clock = clock;
    this.#log = log;
  }

  /** To be called with what a site says at the moment. */
  note(site: Pick<Site, 'host' | 'name'>, broadcasts: readonly Broadcast[]): void {
    const told = readTable(this.#memory, KEY);
    const fresh = broadcasts.filter(({ id }) => !told.has(toKey(site, id)));
    if (fresh.length === 0) return;
    // Remembered first: another window that looks now must find it.
    this.#remember(fresh.map(({ id }) => toKey(site, id))).catch((error: unknown) =>
      this.#log.error(`Messages of ${site.host} could not be remembered`, error),
    );
    for (const { summary, category } of fresh)
      this.#didHear.fire({ site, isOutage: category === 'outage', summary: toNotice(summary) });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #remember(keys: readonly string[]): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const kept = [...readTable(this.#memory, KEY)].filter(
      ([, toldMs]) => typeof toldMs === 'number' && toldMs > nowMs - REMEMBERED_MS,
    );
    const all = [...kept, ...keys.map((key) => [key, nowMs] as const)];
    await this.#memory.update(KEY, Object.fromEntries(all.slice(-MOST)));
  }
}

function toNotice(summary: string): string {
  return withoutLinks(toPlainText(summary)).slice(0, LONGEST);
}

function toKey({ host }: Pick<Site, 'host'>, id: string): string {
  return `${host} ${id}`;
}
