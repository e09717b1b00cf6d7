import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { Rounds } from '../../common/rounds';
import type { LabVitals } from '../../protocol/jupyter/labClient';
import type { Account } from '../accounts/account';
import type { LabState } from './labState';
import { memoryShare } from './vitalsWords';

/** A desk, as far as this watch needs it. */
export interface VitalsDesk {
  readonly account: Account;
  readonly lab: { readonly state: LabState };
  readonly inside: {
    work(): Promise<{ readonly isUnderWay: boolean; readonly onDidBegin: Event<undefined> }>;
    fetchVitals(signal: AbortSignal): Promise<LabVitals | undefined>;
  };
  readonly overview: { noteVitals(vitals: LabVitals | undefined): void };
}

export interface MemoryWarning {
  readonly account: Account;
  readonly vitals: LabVitals;
}

const EVERY_MS = 20_000;
const WARN_AT = 0.9;
/** Below this it is another climb, worth another warning. */
const CALM_BELOW = 0.75;

/**
 * Asks a lab for its memory while somebody works in it from this window, and never otherwise: asking keeps a lab alive.
 * Warns, once for each climb, before the lab is killed.
 */
export class VitalsWatch implements Disposable {
  readonly #desk: VitalsDesk;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #rounds: Rounds;
  readonly #didWarn = this.#owned.add(new Emitter<MemoryWarning>());
  #isUnderWay: () => boolean = () => false;
  /** When the lab was started that cannot tell. */
  #mute: string | undefined;
  #hasWarned = false;

  readonly onDidWarn: Event<MemoryWarning> = this.#didWarn.event;

  constructor(desk: VitalsDesk, clock: Clock, log: Log) {
    this.#desk = desk;
    this.#log = log;
    this.#rounds = this.#owned.add(
      new Rounds(
        (signal) => this.#look(signal),
        clock,
        (error) => log.error('The watch over the memory of a lab stopped', error),
      ),
    );
    this.#join().catch((error: unknown) => log.error('Nobody watches over the memory of a lab', error));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #join(): Promise<void> {
    const work = await this.#desk.inside.work();
    this.#isUnderWay = () => work.isUnderWay;
    this.#owned.add(this.#rounds.beginWith(work.onDidBegin));
  }

  async #look(signal: AbortSignal): Promise<number | undefined> {
    const { account, lab, inside, overview } = this.#desk;
    if (lab.state.kind !== 'running' || !this.#isUnderWay()) return undefined;
    const { startedAt } = lab.state.address;
    if (this.#mute === startedAt) return undefined;
    try {
      const vitals = await inside.fetchVitals(signal);
      signal.throwIfAborted();
      overview.noteVitals(vitals);
      if (vitals) this.#judge(account, vitals);
      else this.#mute = startedAt;
    } catch (error) {
      signal.throwIfAborted();
      this.#log.debug(`The memory of the lab of ${account.id} is not known: ${String(error)}`); // cells say what is wrong
    }
    return EVERY_MS;
  }

  #judge(account: Account, vitals: LabVitals): void {
    const share = memoryShare(vitals) ?? 0;
    if (share < CALM_BELOW) this.#hasWarned = false;
    if (share < WARN_AT || this.#hasWarned) return;
    this.#hasWarned = true;
    this.#didWarn.fire({ account, vitals });
  }
}
