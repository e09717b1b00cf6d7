import { ServerConnection, SessionAPI } from '@jupyterlab/services';
import type { LabFetch } from './labFetch';

/** A kernel in the lab with what it works for. */
export interface RunningSession {
  readonly id: string;
  /** The notebook's or console's name. */
  readonly name: string;
  readonly kernelName: string;
  /** As Jupyter calls it: `idle`, `busy`, `starting` … */
  readonly state: string;
}

/**
 * The sessions that run in a lab.
 *
 * @param labUrl - base of the lab's own server, ending in a slash.
 * @throws an error when the lab does not answer with sessions.
 * @see `GET api/sessions`, https://jupyter-server.readthedocs.io (REST API)
 */
export async function fetchSessions(labUrl: URL, fetch: LabFetch): Promise<RunningSession[]> {
  const settings = ServerConnection.makeSettings({
    baseUrl: labUrl.href,
    wsUrl: labUrl.href.replace(/^http/, 'ws'),
    token: '',
    appendToken: false, // a token in an address ends up in the logs of every proxy on the way
    fetch: (input, init) => fetch(input as Parameters<LabFetch>[0], init as Parameters<LabFetch>[1]),
  });
  const models = await SessionAPI.listRunning(settings);
  return models.map((model) => ({
    id: model.id,
    name: model.name.replace(/-jvsc-[0-9a-f-]+(\.ipynb)?$/, '$1'),
    kernelName: model.kernel?.name ?? 'no kernel',
    state: model.kernel?.execution_state ?? 'unknown',
  }));
}
