import { existsSync } from 'node:fs';
import path from 'node:path';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned } from '../../common/owned';
import type { TokenPlace, TokenPlaces } from '../../domain/accounts/tokenPlaces';
import { FileWatch, isOpenToOthers, readSmallFile, toAbsolutePath, toReadablePath } from './tokenFiles';

/** What the person set about tokens that lie ready; empty means not set. */
export interface TokenSettings {
  readonly site: string;
  readonly file: string;
}

export interface Here {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly settings: () => TokenSettings;
  readonly onDidChangeSettings: Event<void>;
  readonly log: Log;
}

const VARIABLES = ['ACCESS_TOKEN', 'NUBLADO_TOKEN'];
/** Where labs have their token, newer images first. */
const MOUNTS = ['/etc/nublado', '/opt/lsst/software/jupyterlab'];

/** The places on this computer: the file of the settings, the environment, and the file that a lab has. */
export class PlacesHere implements TokenPlaces {
  readonly #here: Here;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<void>());
  readonly #warned = new Set<string>();
  #watches = new Owned();
  #current: readonly TokenPlace[] = [];
  #namedSite: string | undefined;

  readonly onDidChange: Event<void> = this.#didChange.event;

  private constructor(here: Here) {
    this.#here = here;
    this.#owned.add({ dispose: () => this.#watches.dispose() });
    this.#owned.add(here.onDidChangeSettings(() => void this.#list().then(() => this.#didChange.fire())));
  }

  static async open(here: Here): Promise<PlacesHere> {
    const places = new PlacesHere(here);
    await places.#list();
    return places;
  }

  get current(): readonly TokenPlace[] {
    return this.#current;
  }

  get namedSite(): string | undefined {
    return this.#namedSite;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #list(): Promise<void> {
    const { env, home, settings } = this.#here;
    const { site, file } = settings();
    const named = file.trim() ? toAbsolutePath(file.trim(), home) : undefined;
    this.#namedSite = site.trim() || undefined;
    const siteAddress = this.#namedSite ?? siteOfEnvironment(env);
    const files = [...(named === undefined ? [] : [named]), ...labFiles(env).filter((one) => one !== named)];
    const toPlace = (at: string): TokenPlace => ({
      origin: { kind: 'file', path: toReadablePath(at, home) },
      siteAddress,
      isExpected: at === named,
      read: () => this.#read(at, at === named),
    });
    const variables = VARIABLES.map((variable): TokenPlace => ({
      origin: { kind: 'environment', variable },
      siteAddress,
      isExpected: false,
      read: () => Promise.resolve(env[variable]),
    }));
    const places = files.map(toPlace);
    const isFirst = named === undefined ? 0 : 1;
    this.#current = [
      ...places.slice(0, isFirst),
      ...variables,
      ...hubPlaces(env, this.#namedSite),
      ...places.slice(isFirst),
    ];
    await this.#watch(files);
  }

  async #watch(files: readonly string[]): Promise<void> {
    const watches = new Owned();
    this.#watches.dispose();
    this.#watches = watches;
    const open = files.map(async (file) =>
      watches.add(await FileWatch.open(file, () => this.#didChange.fire())),
    );
    await Promise.all(open);
    if (this.#owned.isEnded) watches.dispose();
  }

  /** The lab's own file is the lab's business; one that the person named is theirs to protect. */
  async #read(file: string, isOwn: boolean): Promise<string | undefined> {
    if (isOwn && !this.#warned.has(file) && (await isOpenToOthers(file))) {
      this.#warned.add(file);
      this.#here.log.warn(
        `Others on this computer may read ${toReadablePath(file, this.#here.home)}, which holds a token. Take that right away with chmod 600.`,
      );
    }
    return readSmallFile(file);
  }
}

/** Labs have both; the second ends in the path of a service, which is not looked at. */
function siteOfEnvironment(env: Here['env']): string | undefined {
  return env['EXTERNAL_INSTANCE_URL']?.trim() || env['REPERTOIRE_BASE_URL']?.trim() || undefined;
}

/** What JupyterHub gives its labs and services, and people their scripts. In an RSP's lab it leads nowhere. */
function hubPlaces(env: Here['env'], namedSite: string | undefined): readonly TokenPlace[] {
  const variable = 'JUPYTERHUB_API_TOKEN';
  const siteAddress = namedSite ?? hubOfEnvironment(env);
  if (!env[variable] || siteAddress === undefined || siteOfEnvironment(env) !== undefined) return [];
  return [
    {
      origin: { kind: 'environment', variable },
      siteAddress,
      isExpected: false,
      isForOthers: true,
      read: () => Promise.resolve(env[variable]),
    },
  ];
}

/** Inside a lab the address of the hub's API is mostly one of the cluster's own, which is no way to labs. */
function hubOfEnvironment(env: Here['env']): string | undefined {
  const publicUrl = env['JUPYTERHUB_PUBLIC_HUB_URL']?.trim();
  const host = env['JUPYTERHUB_HOST']?.trim();
  if (publicUrl) return publicUrl;
  if (host) return `${host}${env['JUPYTERHUB_BASE_URL']?.trim() ?? '/'}`;
  return env['JUPYTERHUB_SERVICE_PREFIX'] ? undefined : env['JUPYTERHUB_API_URL']?.trim() || undefined;
}

/** The lab's file: where the lab says, or where there is such a folder. */
function labFiles(env: Here['env']): readonly string[] {
  const mounts = env['NUBLADO_RUNTIME_MOUNTS_DIR']?.trim();
  const folders = mounts && path.isAbsolute(mounts) ? [mounts] : process.platform === 'win32' ? [] : MOUNTS;
  return folders
    .map((folder) => path.join(folder, 'secrets', 'token'))
    .filter((file) => existsSync(path.dirname(file)));
}
