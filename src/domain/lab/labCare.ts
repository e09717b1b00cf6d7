import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { MemoryPort } from '../accounts/memory';
import type { Account } from '../accounts/account';
import { BroadcastWatch } from '../broadcastWatch';
import type { Desk } from '../desk';
import type { Problem } from '../problems/problem';
import { CullWatch, type CullSettings } from './cullWatch';
import { KeepBusy } from './keepBusy';
import { labProblem } from './labProblem';
import { KernelVigil, type KernelEnding } from './kernelVigil';
import { SessionWatch } from './sessionWatch';
import { VitalsWatch, type MemoryWarning } from './vitalsWatch';

/** A lab in which notebooks of this window worked, and that has ended. */
export interface LostLab {
  readonly account: Account;
  readonly problem: Problem;
}

export interface LabCareParts {
  readonly desks: { readonly all: readonly Desk[]; readonly onDidChange: Event<Desk | undefined> };
  readonly settings: CullSettings;
  readonly memory: MemoryPort;
  readonly clock: Clock;
  readonly log: Log;
}

/** All that watches over labs that run, and tells what sites say. */
export class LabCare implements Disposable {
  readonly keeper: KeepBusy;
  readonly cull: CullWatch;
  readonly broadcasts: BroadcastWatch;
  readonly #parts: LabCareParts;
  readonly #owned = new Owned();
  readonly #watches = new Map<Desk, Owned>();
  readonly #didLose = this.#owned.add(new Emitter<LostLab>());
  readonly #didEndKernel = this.#owned.add(new Emitter<KernelEnding>());
  readonly #didRunShort = this.#owned.add(new Emitter<MemoryWarning>());

  /** Fires once for each lab that ended without anybody's doing here. */
  readonly onDidLose: Event<LostLab> = this.#didLose.event;
  /** Fires once for each kernel that ended, or seems to have, while its lab runs on. */
  readonly onDidEndKernel: Event<KernelEnding> = this.#didEndKernel.event;
  /** Fires when the memory of a lab is nearly used up. */
  readonly onDidRunShort: Event<MemoryWarning> = this.#didRunShort.event;

  constructor(parts: LabCareParts) {
    const { desks, settings, memory, clock, log } = parts;
    this.#parts = parts;
    this.keeper = this.#owned.add(new KeepBusy(clock, log));
    this.cull = this.#owned.add(new CullWatch(desks, settings, clock, memory, log));
    this.broadcasts = this.#owned.add(new BroadcastWatch(memory, clock, log));
    this.#owned.add({ dispose: () => [...this.#watches.values()].forEach((watch) => watch.dispose()) });
    this.#owned.add(desks.onDidChange(() => this.#look()));
  }

  /** Looks at what is there already; to be called once somebody listens. */
  begin(): void {
    this.#look();
    this.cull.look();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(): void {
    const { all } = this.#parts.desks;
    this.keeper.look(all);
    for (const [desk, watch] of this.#watches) {
      if (all.includes(desk)) continue;
      watch.dispose();
      this.#watches.delete(desk);
    }
    for (const desk of all) {
      const { lab, broadcasts } = desk.overview.facts;
      if (lab.kind === 'running' && !this.#watches.has(desk)) this.#watches.set(desk, this.#watch(desk));
      if (broadcasts.kind === 'known') this.broadcasts.note(desk.account.site, broadcasts.value);
    }
  }

  #watch(desk: Desk): Owned {
    const { clock, log } = this.#parts;
    const owned = new Owned();
    owned.add(
      desk.lab.onDidLose((end) => {
        const { account, lab } = desk;
        const kind = end === 'gone' ? 'labGone' : 'labReplaced';
        this.#didLose.fire({ account, problem: labProblem(kind, account, lab.state) });
      }),
    );
    owned.add(new VitalsWatch(desk, clock, log)).onDidWarn((warning) => this.#didRunShort.fire(warning));
    owned.add(new SessionWatch(desk, log));
    owned.add(new KernelVigil(desk, clock, log)).onDidEnd((ending) => this.#didEndKernel.fire(ending));
    return owned;
  }
}
