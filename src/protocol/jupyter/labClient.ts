import { z } from 'zod';
import type { Connection } from '../connection/connection';
import type { HttpAnswer } from '../http/answer';
import type { KeptForKernel } from './forgettingFetch';

/** How much of its memory, processors and disk a lab uses at the moment. */
export interface LabVitals {
  readonly memoryBytes: number;
  /** Undefined when nothing limits it. */
  readonly memoryLimitBytes: number | undefined;
  /** Processors in use: 1.5 is one and a half of them. Undefined where the lab does not count them. */
  readonly cpuCores: number | undefined;
  readonly cpuLimitCores: number | undefined;
  /** Where the lab's files lie, home as a rule; only where the site has the lab measure it. */
  readonly disk?: { readonly usedBytes: number; readonly totalBytes: number };
}

/** A lab that came up, but not as it should: what is saved in it may be lost. */
export interface AbnormalStart {
  /** The system's name for it, such as `ENOSPC` or `EDQUOT`. */
  readonly code: string;
  /** The lab's own words. */
  readonly message: string;
}

const MetricsSchema = z
  .object({
    rss: z.number().nonnegative(),
    pss: z.number().nonnegative().nullish(),
    limits: z
      .object({
        memory: z.object({ rss: z.number().nonnegative() }).nullish(),
        cpu: z.object({ cpu: z.number().nonnegative() }).nullish(),
      })
      .default({}),
    cpu_percent: z.number().nonnegative().nullish(),
    disk_used: z.number().nonnegative().nullish(),
    disk_total: z.number().nonnegative().nullish(),
  })
  .transform((wire): LabVitals => ({
    memoryBytes: wire.pss ?? wire.rss, // shared pages counted once, where the system can tell
    memoryLimitBytes: wire.limits.memory?.rss || undefined, // zero stands for: not limited
    cpuCores: typeof wire.cpu_percent === 'number' ? wire.cpu_percent / 100 : undefined,
    cpuLimitCores: wire.limits.cpu?.cpu || undefined,
    ...(typeof wire.disk_used === 'number' && wire.disk_total
      ? { disk: { usedBytes: wire.disk_used, totalBytes: wire.disk_total } }
      : {}),
  }));

const AbnormalSchema = z.looseObject({}).transform((wire): AbnormalStart | undefined => {
  const word = (name: string): string => (typeof wire[name] === 'string' ? wire[name] : '');
  if (Object.keys(wire).length === 0) return undefined;
  return {
    code: word('ABNORMAL_STARTUP_ERRORCODE'),
    message: word('ABNORMAL_STARTUP_MESSAGE') || word('ABNORMAL_STARTUP_STRERROR'),
  };
});

/**
 * Asks the server inside a lab how it is, and tells its kernels what to do.
 *
 * `labUrl` is always the base of the lab's own server, ending in a slash. Every call throws `RequestFailure`.
 */
export class LabClient {
  readonly #connection: Connection;
  readonly #kept: readonly KeptForKernel[];

  /** @param kept - what is to be forgotten of a kernel that is ended, or started anew. */
  constructor(connection: Connection, kept: readonly KeptForKernel[] = []) {
    this.#connection = connection;
    this.#kept = kept;
  }

  /**
   * Memory, processors and disk in use; undefined where the image has nothing that measures them.
   *
   * @see `GET api/metrics/v1` of jupyter-resource-usage
   */
  async fetchVitals(labUrl: URL, signal: AbortSignal): Promise<LabVitals | undefined> {
    const answer = await this.#ask('GET', new URL('api/metrics/v1', labUrl), signal);
    if (answer.status === 404) return undefined;
    return succeeded(answer).json(MetricsSchema);
  }

  /**
   * What went wrong as the lab came up; undefined when nothing did, or when the image is too old to tell.
   *
   * @see `GET rubin/abnormal` of rsp-jupyter-extensions
   */
  async fetchAbnormalStart(labUrl: URL, signal: AbortSignal): Promise<AbnormalStart | undefined> {
    const answer = await this.#ask('GET', new URL('rubin/abnormal', labUrl), signal);
    if (answer.status === 404) return undefined;
    return succeeded(answer).json(AbnormalSchema);
  }

  /** @see `POST api/kernels/{id}/interrupt` */
  async interruptKernel(labUrl: URL, kernelId: string, signal: AbortSignal): Promise<void> {
    const url = new URL(`api/kernels/${encodeURIComponent(kernelId)}/interrupt`, labUrl);
    succeeded(await this.#ask('POST', url, signal));
  }

  /** @see `POST api/kernels/{id}/restart` */
  async restartKernel(labUrl: URL, kernelId: string, signal: AbortSignal): Promise<void> {
    const url = new URL(`api/kernels/${encodeURIComponent(kernelId)}/restart`, labUrl);
    this.#forget(kernelId);
    succeeded(await this.#ask('POST', url, signal));
  }

  /**
   * Ends a session and its kernel. Labs that cannot end the session of a file they do not have still end its kernel.
   *
   * @see `DELETE api/sessions/{id}`, `DELETE api/kernels/{id}`
   */
  async endSession(
    labUrl: URL,
    session: { readonly id: string; readonly kernelId: string | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    if (session.kernelId !== undefined) this.#forget(session.kernelId);
    const answer = await this.#ask(
      'DELETE',
      new URL(`api/sessions/${encodeURIComponent(session.id)}`, labUrl),
      signal,
    );
    if (answer.isOk || answer.status === 404 || answer.status === 410) return; // gone, which is what was asked for
    if (session.kernelId === undefined) throw answer.failure();
    const url = new URL(`api/kernels/${encodeURIComponent(session.kernelId)}`, labUrl);
    const kernel = await this.#ask('DELETE', url, signal);
    if (kernel.status !== 404) succeeded(kernel);
  }

  #forget(kernelId: string): void {
    for (const each of this.#kept) each.forget(kernelId);
  }

  #ask(method: string, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#connection.lab({ method, url, headers: { accept: 'application/json' } }, signal);
  }
}

function succeeded(answer: HttpAnswer): HttpAnswer {
  if (!answer.isOk) throw answer.failure();
  return answer;
}
