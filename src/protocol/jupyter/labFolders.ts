import { z } from 'zod';
import type { Connection, LabAddress } from '../connection/connection';
import { RequestFailure } from '../http/failures';
import type { HttpAnswer } from '../http/answer';

/** A folder in the lab's home in which a kernel may start. */
export interface WantedFolder {
  /** Relative to home, with `/` between its parts. */
  readonly path: string;
  /** Whether it is made where there is none. */
  readonly isMade: boolean;
}

const TIMEOUT_MS = 10_000;
const ConfigSchema = z.object({
  file_browser_root: z.string().nullish(),
  home_relative_to_file_browser_root: z.string().nullish(),
});

/** Folders of a lab by the paths that its server has for them, which begin at home or, in some images, further up. */
export class LabFolders {
  readonly #connection: Connection;
  #home: { readonly lab: string; readonly path: Promise<string> } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The first of the folders that is there; home when none is. A lab that does not tell has none of them. */
  async firstOf(wanted: readonly WantedFolder[], signal: AbortSignal): Promise<string> {
    const lab = this.#connection.enteredLab;
    if (!lab) return '';
    const home = await this.#homeOf(lab, signal);
    for (const { path, isMade } of wanted) {
      const whole = joined(home, path);
      if (await this.#isThere(lab, whole, isMade, signal)) return whole;
    }
    return home;
  }

  /** Asked once for each start of a lab; images that do not say have home at the top. */
  #homeOf(lab: LabAddress, signal: AbortSignal): Promise<string> {
    const key = `${lab.url.href} ${lab.startedAt}`;
    if (this.#home?.lab === key) return this.#home.path;
    const asked = {
      lab: key,
      path: this.#ask('GET', new URL('rubin/config', lab.url), signal).then((answer) => {
        if (!answer && this.#home === asked) this.#home = undefined;
        const config = ConfigSchema.safeParse(answer?.isOk === true ? answer.tryJson() : undefined);
        if (!config.success || (config.data.file_browser_root ?? 'home') === 'home') return '';
        return joined(config.data.home_relative_to_file_browser_root ?? '');
      }),
    };
    this.#home = asked;
    return asked.path;
  }

  async #isThere(lab: LabAddress, path: string, isMade: boolean, signal: AbortSignal): Promise<boolean> {
    const url = new URL(`api/contents/${path.split('/').map(encodeURIComponent).join('/')}`, lab.url);
    const look = new URL(url);
    look.search = '?content=0&type=directory';
    if ((await this.#ask('GET', look, signal))?.isOk === true) return true;
    return isMade && (await this.#ask('PUT', url, signal, { type: 'directory' }))?.isOk === true;
  }

  async #ask(method: string, url: URL, signal: AbortSignal, json?: object): Promise<HttpAnswer | undefined> {
    const headers = { accept: 'application/json', ...(json ? { 'content-type': 'application/json' } : {}) };
    const body = json && JSON.stringify(json);
    try {
      return await this.#connection.lab({ method, url, headers, body, timeoutMs: TIMEOUT_MS }, signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      return undefined; // the request for the session itself tells what is wrong
    }
  }
}

function joined(...paths: readonly string[]): string {
  return paths
    .flatMap((path) => path.split('/'))
    .filter(Boolean)
    .join('/');
}
