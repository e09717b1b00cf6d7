import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { labPython } from '../setup/pythonEnv';
import { type PlatformConfig, readConfig } from './config';
import type { LabStarter } from './controller/labStarter';
import type { Faults } from './faults';
import { type Front, startFront } from './front';
import type { MintSpec } from './gafaelfawr/demoTokens';
import { type Hub, type HubOptions, startHub } from './hub';
import type { RequestLog } from './ingress/requestLog';
import { type LabProcess, startLab } from './labProcess';
import type { Leak } from './web/leaks';

export type { Faults } from './faults';
export type { RequestEntry, RequestLog } from './ingress/requestLog';

/** How to start a {@link Platform}. */
export interface PlatformOptions {
  /** Another configuration than `platform.yaml`. */
  readonly configFile?: string;
  /** Changes to the configuration, for one test's sake. */
  readonly adjust?: (config: PlatformConfig) => PlatformConfig;
  /** Hub on `nb.<host>` and labs on `<user>.nb.<host>`; otherwise all is on `localhost`. */
  readonly subdomains?: boolean;
  readonly tls?: boolean;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Homes, database and certificates; by default a fresh temporary folder, removed at the end. */
  readonly folder?: string;
  /** A folder of packages that the kernels of all labs have beside those of the lab's environment. */
  readonly packages?: string;
  readonly hub?: Pick<HubOptions, 'pollIntervalSeconds' | 'liveProgress' | 'httpTimeoutSeconds'>;
  readonly log?: (line: string) => void;
}

/** A small Science Platform on this computer: real hub and labs, and in front of them what Rubin adds. */
export interface Platform {
  /** Base host: `http(s)://rsp.localhost:PORT` with subdomains, `http(s)://localhost:PORT` without. */
  readonly baseUrl: URL;
  /** The authority to trust, with TLS. */
  readonly caFile?: string;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Credentials that reached the login page or a host that is not the site's. */
  readonly leaks: readonly Leak[];
  readonly config: PlatformConfig;
  readonly hub: Hub;
  /** The front, for what is not named here: users and their quotas, the controller's labs. */
  readonly front: Front;
  /** Homes of all users. */
  readonly homesFolder: string;
  /** The first configured token of a user, which the demo prints. */
  tokenOf(username: string): string;
  mintToken(spec: MintSpec): string;
  /** Every token that there ever was, whoever made it: those of labs and of the token page, too. */
  issuedTokens(): readonly string[];
  revokeToken(token: string): void;
  /** The process of a user's lab, from its start until it was stopped. */
  labOf(username: string): LabProcess | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the platform and returns when front and hub answer.
 *
 * @throws a sentence that says what is missing: a Python, a free port, a good configuration.
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const read = await readConfig(options.configFile);
  const config = options.adjust?.(read) ?? read;
  const python = await labPython();
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'rsp-platform-')));
  const homesFolder = path.join(folder, 'homes');
  await mkdir(homesFolder, { recursive: true });
  const log = options.log ?? (() => undefined);
  const removeFolder = async () => {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  const processes = new Map<string, LabProcess>();
  const labStarter: LabStarter = async (start) => {
    const { username, env, image, size } = start;
    const lab = await startLab({
      python,
      username,
      homesFolder,
      env: { ...env },
      image: { ...image },
      size: { ...size },
      packages: options.packages,
      log: (line) => {
        log(`lab ${username}: ${line}`);
      },
    });
    processes.set(username, lab);
    void lab.exited.then(() => {
      if (processes.get(username) === lab) processes.delete(username);
    });
    return lab;
  };
  const { subdomains = false, tls = false, port = 0 } = options;
  const front = await startFront({ config, subdomains, tls, port, folder, labStarter, log });

  const hubFolder = path.join(folder, 'hub');
  const internalOrigin = `${front.baseUrl.protocol}//127.0.0.1:${front.baseUrl.port}`;
  let hub: Hub;
  try {
    hub = await startHub({
      folder: hubFolder,
      python,
      publicUrl: front.hubUrl.origin,
      subdomains,
      controllerUrl: `${internalOrigin}/nublado`,
      controllerToken: front.hubToken,
      gafaelfawrUrl: front.baseUrl.origin,
      ...(front.caFile !== undefined && { caFile: front.caFile }),
      ...options.hub,
      log,
    });
  } catch (error) {
    await front.stop();
    await removeFolder();
    throw error;
  }
  front.attachHub({
    proxyUrl: hub.proxyUrl,
    restart: async (forgetCookies) => {
      // The hub makes itself a new one when it finds none.
      if (forgetCookies) await rm(path.join(hubFolder, 'cookie-secret'), { force: true });
      await hub.restart();
    },
  });

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    front.faults.clear();
    await front.labs.stopAll();
    await hub.stop();
    await front.stop();
    await removeFolder();
  };
  return {
    baseUrl: front.baseUrl,
    ...(front.caFile !== undefined && { caFile: front.caFile }),
    requests: front.requests,
    faults: front.faults,
    leaks: front.leaks,
    config,
    hub,
    front,
    homesFolder,
    tokenOf: (username) => front.tokenOf(username),
    mintToken: (spec) => front.mintToken(spec),
    issuedTokens: () => front.issuedTokens(),
    revokeToken: (token) => {
      front.revokeToken(token);
    },
    labOf: (username) => processes.get(username),
    stop: () => (stopped ??= stop()),
  };
}
