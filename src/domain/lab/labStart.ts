import type { Clock } from '../../common/clock';
import { describeError, type Log } from '../../common/log';
import type { SiteLink } from '../../protocol';
import { RequestFailure } from '../../protocol/http/failures';
import type { StartAnswer } from '../../protocol/jupyterhub/client';
import type { Account } from '../accounts/account';
import type { Asker } from '../accounts/asker';
import { mannersOf } from '../personality/manners';
import { hasPart } from '../personality/traits';
import { isAbort, ProblemError, toProblem } from '../problems/problems';
import { sentenceOf } from '../problems/sentences';
import type { Site } from '../sites/site';
import { fetchDetails } from './labDetails';
import { untilGone } from './labGone';
import { choiceName, startAs, type LabChoice } from './labMenu';
import { refuseShared } from './labOffer';
import type { LabRecord } from './labRecord';
import { stepsOfFailure, stepsOfStart } from './liveSteps';
import { throughPassing } from './passing';
import { isWithoutReason, toServerProblem, toSpawnProblem } from './spawnFailure';
import { SpawnWatch } from './spawnWatch';

/** A message without a reason should not be much later than it would be without the question for one. */
const REASON_WITHIN_MS = 5000;

/** Brings a lab up: asks the hub for it, and follows until it is ready or has failed. */
export class LabStart {
  readonly #record: LabRecord;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(record: LabRecord, clock: Clock, log: Log) {
    this.#record = record;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Brings somebody's own lab up by `work`. A wait for the site's notice is a step of the start, where the person looks.
   *
   * @throws {@link ProblemError} `sharedNotYours` for one of somebody else.
   */
  async through(asker: Asker, work: (account: Account) => Promise<void>, signal: AbortSignal): Promise<void> {
    refuseShared(asker.account);
    const record = this.#record;
    try {
      await asker.patiently(work, signal, (problem) =>
        record.addStep({ percent: 0, severity: 'warning', message: sentenceOf(problem) }),
      );
    } catch (error) {
      // Who only leaves the wait leaves the lab starting; who is turned away knows nothing of it any more.
      if (!isAbort(error) && record.state.kind === 'starting') record.setUnknown(error, asker.account.site);
      throw error;
    }
  }

  /** Asks for a lab; one that still stops is waited for first, one that runs or starts already is taken as it is. */
  async request(link: SiteLink, account: Account, choice: LabChoice, signal: AbortSignal): Promise<void> {
    const { site, username } = account;
    this.#log.info(`Lab of ${username} on ${site.host}: starting ${choiceName(choice)}`);
    let answer = await this.#ask(link, site, choice, signal);
    if (answer === 'stopping') {
      this.#record.set({ kind: 'stopping' });
      await untilGone(link, site, this.#clock, signal);
      answer = await this.#ask(link, site, choice, signal);
    }
    if (answer === 'stopping') {
      this.#record.set({ kind: 'stopping' });
      throw new ProblemError({ kind: 'labStopping', siteName: site.name }, undefined, site);
    }
  }

  /** Waits until the lab that somebody asked for is ready. */
  async follow(link: SiteLink, account: Account, signal: AbortSignal): Promise<void> {
    const { site, username } = account;
    const { state } = this.#record;
    const sinceMs = state.kind === 'starting' ? state.sinceMs : this.#clock.nowMs();
    this.#record.set({ kind: 'starting', sinceMs, steps: [] });
    const { nublado } = link;
    const liveSteps = nublado && ((until: AbortSignal) => stepsOfStart(nublado, username, until));
    const watch = new SpawnWatch(link.hub, this.#clock, this.#log, liveSteps, mannersOf(site).starts);
    for await (const step of watch.steps(signal)) this.#record.addStep(step);
    const { end } = watch;
    if (end.kind === 'failed') {
      if (nublado && isWithoutReason(end.words, this.#record.lastSteps))
        await this.#hearWhy(nublado, username, signal);
      throw this.#record.fail(failureOf(site)(end.words, site.name, this.#record.lastSteps));
    }
    // Said at once: a lab is no less ready while its image and size are not known yet.
    this.#record.set(this.#record.toState(end.server, link, undefined));
    const details = await fetchDetails(link, site, this.#log, signal);
    this.#record.complete(this.#record.toState(end.server, link, details));
    this.#log.info(
      `Lab of ${username} on ${site.host}: ready after ${Math.round((this.#clock.nowMs() - sinceMs) / 1000)} s`,
    );
  }

  /** Who fails at once has told why before anybody listened. */
  async #hearWhy(
    nublado: NonNullable<SiteLink['nublado']>,
    username: string,
    signal: AbortSignal,
  ): Promise<void> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(REASON_WITHIN_MS)]);
    try {
      for (const step of await stepsOfFailure(nublado, username, soon)) this.#record.addStep(step);
    } catch (error) {
      signal.throwIfAborted();
      this.#log.debug(`Why the lab failed is not known: ${describeError(error)}`);
    }
  }

  #tellWait(failure: RequestFailure, site: Site): void {
    const message = sentenceOf(toProblem(failure, site));
    this.#record.addStep({ percent: 0, severity: 'warning', message });
  }

  async #ask(link: SiteLink, site: Site, choice: LabChoice, signal: AbortSignal): Promise<StartAnswer> {
    this.#record.set({ kind: 'starting', sinceMs: this.#clock.nowMs(), steps: [] });
    try {
      return await throughPassing(
        () => startAs(choice, link.hub, signal),
        { clock: this.#clock, isSafe: false, tell: (failure) => this.#tellWait(failure, site) },
        signal,
      );
    } catch (error) {
      if (isAbort(error))
        this.#record.setUnknown(error, site); // the hub may have heard of it, or not
      else if (isWithoutAnswer(error) && (await isOnItsWay(link, signal))) return 'pending';
      // The hub's own words tell more than the status, when the controller refused.
      const words =
        error instanceof RequestFailure && error.reason === undefined ? error.serverText : undefined;
      if (words) throw this.#record.fail(failureOf(site)(words, site.name), error);
      throw error;
    }
  }
}

/** A hub may be set to answer only when the server is up, for which nobody between it and us may have the patience. */
function isWithoutAnswer(error: unknown): boolean {
  if (!(error instanceof RequestFailure)) return false;
  return ['timeout', 'network'].includes(error.kind) || error.status === 502 || error.status === 504;
}

async function isOnItsWay({ hub }: SiteLink, signal: AbortSignal): Promise<boolean> {
  try {
    const { server } = await hub.fetchUser(signal);
    return server?.pending === 'spawn' || server?.isReady === true;
  } catch (error) {
    if (isAbort(error)) throw error;
    return false; // what went wrong before says more
  }
}

/** What it takes to say why a start failed: the words of an RSP have meanings that are known here. */
function failureOf(site: Site): typeof toSpawnProblem {
  return hasPart(site, 'images') ? toSpawnProblem : toServerProblem;
}
