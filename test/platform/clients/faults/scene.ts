import { setTimeout as wait } from 'node:timers/promises';

import type { Clock } from '../../../../src/common/clock';
import type { Account } from '../../../../src/domain/accounts/account';
import type { Desk } from '../../../../src/domain/desk';
import type { LabServer } from '../../../../src/domain/lab/labEntry';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { RecordingLog } from '../../../fakes/recordingLog';
import { type Platform, type RequestEntry, startPlatform } from '../../platform';
import { Person, PERSON } from '../person';
import { Notebook } from './notebook';

const never = new AbortController().signal;
const LOOK_AGAIN_AFTER_MS = 50;

/** Somebody signed in at a window of their own. */
export interface Visit {
  readonly person: Person;
  readonly account: Account;
  readonly desk: Desk;
}

/** Somebody in their lab. */
export interface Stay extends Visit {
  readonly lab: LabServer;
  /** Ends of labs that the window was told of. */
  readonly lost: readonly string[];
}

/** One platform for all claims, and the people that visit it; each claim leaves it as it was. */
export class FaultScene {
  readonly #persons = new Set<Person>();
  readonly #notebooks = new Set<Notebook>();
  /** What the extension logs of everything that goes wrong. */
  readonly log = new RecordingLog();

  private constructor(readonly platform: Platform) {}

  static async open(): Promise<FaultScene> {
    // The hub looks every other second whether a lab is gone.
    return new FaultScene(await startPlatform({ subdomains: true, hub: { pollIntervalSeconds: 2 } }));
  }

  /** A window in which somebody is signed in, with their first token unless another is given. */
  async visit(
    username: string,
    more: { readonly token?: string; readonly clock?: Clock; readonly kernelClock?: Clock } = {},
  ): Promise<Visit> {
    const { token = this.platform.tokenOf(username), ...clocks } = more;
    const person = new Person(this.platform, { log: this.log, ...clocks });
    this.#persons.add(person);
    const account = await person.useToken(token);
    return { person, account, desk: person.deskOf(account) };
  }

  /** A window in a lab, which is started when there is none. */
  async stay(username: string, more: Parameters<FaultScene['visit']>[1] = {}): Promise<Stay> {
    const visit = await this.visit(username, more);
    const { person, account, desk } = visit;
    const { kind } = await desk.lab.refresh(never);
    if (kind !== 'running') await person.startLab(account);
    const lost: string[] = [];
    desk.lab.onDidLose((end) => lost.push(end));
    return { ...visit, lab: await person.enterLab(account), lost };
  }

  /** A notebook with a kernel in the lab. */
  async open({ lab }: Pick<Stay, 'lab'>, path: string): Promise<Notebook> {
    const notebook = await Notebook.open(lab, path);
    this.#notebooks.add(notebook);
    return notebook;
  }

  /** What the extension asked of the servers since a mark in the log. */
  asked(mark = 0): RequestEntry[] {
    return this.platform.requests.since(mark).filter(({ userAgent }) => userAgent === PERSON);
  }

  /** How often the extension signed in at hub and lab since a mark. */
  signIns(mark: number): { hub: number; lab: number } {
    const visits = (end: string): number => this.asked(mark).filter(({ path }) => path.endsWith(end)).length;
    return { hub: visits('/hub/gafaelfawr/login'), lab: visits('/oauth_callback') };
  }

  /** Lets somebody stay for longer than a claim; they leave by themselves. */
  release(person: Person): void {
    this.#persons.delete(person);
  }

  /** All is well again, and everybody has gone home. */
  async clear(): Promise<void> {
    this.platform.faults.clear();
    for (const notebook of this.#notebooks) notebook.close();
    this.#notebooks.clear();
    await Promise.all([...this.#persons].map((person) => person.leave()));
    this.#persons.clear();
  }

  async close(): Promise<void> {
    await this.clear();
    await this.platform.stop();
  }
}

/** The kind of problem that some work ends with. */
export async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof ProblemError ? error.problem.kind : String(error);
  }
}

/** Other processes do it, so that looking again and again is all there is. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await wait(LOOK_AGAIN_AFTER_MS);
}
