import { ServerConnection, SessionAPI } from '@jupyterlab/services';
import { kindOfStatus, RequestFailure } from '../http/failures';
import type { LabFetch } from './clientCall';

/** A kernel in the lab with what it works for. */
export interface RunningSession {
  readonly id: string;
  /** The notebook's or console's name. */
  readonly name: string;
  /** Where it lies in the lab, or stands for where it lies elsewhere. */
  readonly path?: string;
  readonly kernelId: string | undefined;
  readonly kernelName: string;
  /** As Jupyter calls it: `idle`, `busy`, `starting` … */
  readonly state: string;
  /** How many clients are connected to the kernel; undefined when the lab does not say. */
  readonly connections: number | undefined;
  /** When the kernel last did something, in milliseconds since 1970. */
  readonly lastActivityMs: number | undefined;
}

/**
 * The sessions that run in a lab.
 *
 * @param labUrl - base of the lab's own server, ending in a slash.
 * @throws `RequestFailure` when the lab cannot be asked, refuses, or does not answer with sessions.
 * @see `GET api/sessions`, https://jupyter-server.readthedocs.io (REST API)
 */
export async function fetchSessions(labUrl: URL, fetch: LabFetch): Promise<RunningSession[]> {
  const request = `GET ${labUrl.pathname}api/sessions`;
  // The library makes errors of its own of what goes wrong, in which ours would be lost.
  let failure: Error | undefined;
  const ask: LabFetch = async (...asked) => {
    try {
      const response = await fetch(...asked);
      if (response.ok) return response;
      throw new RequestFailure(kindOfStatus(response.status), request, { status: response.status });
    } catch (error) {
      if (error instanceof Error) failure = error;
      throw error;
    }
  };
  const settings = ServerConnection.makeSettings({
    baseUrl: labUrl.href,
    wsUrl: labUrl.href.replace(/^http/, 'ws'),
    token: '',
    appendToken: false, // a token in an address ends up in the logs of every proxy on the way
    fetch: (input, init) => ask(input as Parameters<LabFetch>[0], init as Parameters<LabFetch>[1]),
  });
  const models = await SessionAPI.listRunning(settings).catch((error: unknown) => {
    throw failure ?? new RequestFailure('protocol', request, { reason: 'unexpectedShape' }, error);
  });
  return models.map((model) => ({
    id: model.id,
    name: model.name.replace(/-jvsc-[0-9a-f-]+(\.ipynb)?$/, '$1'),
    path: model.path,
    kernelId: model.kernel?.id,
    kernelName: model.kernel?.name ?? 'no kernel',
    state: model.kernel?.execution_state ?? 'unknown',
    connections: model.kernel?.connections,
    lastActivityMs: toMs(model.kernel?.last_activity),
  }));
}

function toMs(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
