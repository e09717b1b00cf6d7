import type { SiteLink } from '../../protocol';
import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import type { KernelWork } from '../../protocol/jupyter/kernelWork';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { Asker } from '../accounts/asker';
import type { Lab } from './lab';
import type { WorkInside } from './withinLab';

/** A kernel, and the session that it works for. */
export interface KernelOfSession {
  readonly id: string;
  readonly sessionId: string;
}

/**
 * What is asked of the server inside a lab that runs. Asking counts as activity in the lab's eyes, so nothing here is
 * done on a timer while nobody works.
 *
 * Every call throws {@link ProblemError}, `labNotRunning` among them, or the signal's own error when it was aborted.
 */
export class LabInside {
  readonly #lab: Lab;
  readonly #asker: Asker;
  readonly #link: () => Promise<SiteLink>;

  constructor(lab: Lab, asker: Asker, link: () => Promise<SiteLink>) {
    this.#lab = lab;
    this.#asker = asker;
    this.#link = link;
  }

  /** Whether somebody works in the lab from this window; asks nobody. */
  async work(): Promise<KernelWork> {
    return (await this.#link()).work;
  }

  /** Notebooks and consoles that have a kernel. */
  fetchSessions(signal: AbortSignal): Promise<readonly RunningSession[]> {
    return this.#within(signal, (link, labUrl) => link.fetchSessions(labUrl));
  }

  /** Memory and processors in use; undefined where the image cannot tell. */
  fetchVitals(signal: AbortSignal): Promise<LabVitals | undefined> {
    return this.#within(signal, ({ lab }, labUrl, soon) => lab.fetchVitals(labUrl, soon));
  }

  /** What went wrong as the lab came up; undefined when nothing did. */
  fetchAbnormalStart(signal: AbortSignal): Promise<AbnormalStart | undefined> {
    return this.#within(signal, ({ lab }, labUrl, soon) => lab.fetchAbnormalStart(labUrl, soon));
  }

  interruptKernel(kernel: KernelOfSession, signal: AbortSignal): Promise<void> {
    return this.#within(signal, ({ lab }, labUrl, soon) => lab.interruptKernel(labUrl, kernel.id, soon));
  }

  /** The kernel starts over; its variables are lost. */
  restartKernel(kernel: KernelOfSession, signal: AbortSignal): Promise<void> {
    return this.#within(signal, ({ lab }, labUrl, soon) => lab.restartKernel(labUrl, kernel.id, soon));
  }

  /** Ends session and kernel; variables are lost, files are not. */
  shutDownKernel(kernel: KernelOfSession, signal: AbortSignal): Promise<void> {
    const session = { id: kernel.sessionId, kernelId: kernel.id };
    return this.#within(signal, ({ lab }, labUrl, soon) => lab.endSession(labUrl, session, soon));
  }

  async #within<T>(signal: AbortSignal, work: WorkInside<T>): Promise<T> {
    const { withinLab } = await import('./withinLab');
    return withinLab(this.#lab, this.#asker, this.#link, work, signal);
  }
}
