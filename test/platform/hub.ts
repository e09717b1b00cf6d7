import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { freePort, PYTHON_FILES, startSupervised, type Supervised, untilAnswering } from './supervised';

const START_TIMEOUT_MS = 60_000;
const PROXY_PROGRAM = require.resolve('configurable-http-proxy/bin/configurable-http-proxy');

export interface HubOptions {
  /** A scratch folder for database, secrets and settings. */
  folder: string;
  /** The interpreter of the lab environment. */
  python: string;
  /** Scheme, host and port under which a browser reaches the hub, like `http://nb.rsp.localhost:8123`. */
  publicUrl: string;
  /** Whether each user's lab has a host of its own, `<user>.` in front of the hub's. */
  subdomains: boolean;
  /** The Nublado controller as reached from this machine, like `http://127.0.0.1:8123/nublado`. */
  controllerUrl: string;
  /** The hub's own token, with the scope `admin:jupyterlab`. */
  controllerToken: string;
  /** Where Gafaelfawr's pages are; signing out of the hub ends at `/logout` there. */
  gafaelfawrUrl: string;
  /** Certificate authority of the platform, where it speaks TLS. */
  caFile?: string;
  /** How often the hub asks whether a lab still runs; RSP's 300 s unless given. */
  pollIntervalSeconds?: number;
  /** How long a lab that has come up may take to answer; RSP's 90 s unless given. */
  httpTimeoutSeconds?: number;
  /**
   * Whether the hub's progress stream tells each step as it happens. RSP's spawner does not: whoever watches hears what
   * has happened so far, and then the rest in one go when the spawn is over. The default is to do as RSP does.
   */
  liveProgress?: boolean;
  log: (line: string) => void;
}

/** JupyterHub with its proxy, as two processes. */
export interface Hub {
  /** configurable-http-proxy; everything is below `/nb`. */
  readonly proxyUrl: string;
  readonly proxyPort: number;
  /** Restarts the hub process only; proxy and labs go on. */
  restart(): Promise<void>;
  /** Restarts the proxy, which forgets its routes, and has the hub tell them again unless that is to wait. */
  restartProxy(options?: { tellsRoutes?: boolean }): Promise<void>;
  /** Has the hub tell the proxy its routes, as it does every few minutes. */
  tellRoutes(): Promise<void>;
  /** Ends both. Labs belong to the controller and are not touched. */
  stop(): Promise<void>;
}

/** Starts proxy and hub, and returns when both answer. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const running = new RunningHub(options, await Ports.find());
  await running.start();
  return running;
}

class Ports {
  private constructor(
    readonly proxy: number,
    readonly proxyApi: number,
    readonly hub: number,
  ) {}

  static async find(): Promise<Ports> {
    return new Ports(await freePort(), await freePort(), await freePort());
  }
}

class RunningHub implements Hub {
  readonly #options: HubOptions;
  readonly #ports: Ports;
  readonly #proxyToken = randomBytes(32).toString('hex');
  readonly #serviceToken = randomBytes(32).toString('hex');
  readonly #settingsFile: string;
  #proxy: Supervised | undefined;
  #hub: Supervised | undefined;

  constructor(options: HubOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
    this.#settingsFile = path.join(options.folder, 'hub-settings.json');
  }

  get proxyPort(): number {
    return this.#ports.proxy;
  }

  get proxyUrl(): string {
    return `http://127.0.0.1:${this.#ports.proxy}`;
  }

  get #hubUrl(): string {
    return `http://127.0.0.1:${this.#ports.hub}`;
  }

  async start(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    await this.#writeSettings();
    try {
      await this.#startProxy();
      await this.#startHub();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async restart(): Promise<void> {
    await this.#hub?.stop();
    await this.#startHub();
  }

  async restartProxy({ tellsRoutes = true } = {}): Promise<void> {
    await this.#proxy?.stop();
    await this.#startProxy();
    if (tellsRoutes) await this.tellRoutes();
  }

  async tellRoutes(): Promise<void> {
    const response = await fetch(`${this.#hubUrl}/nb/hub/api/proxy`, {
      method: 'POST',
      headers: { authorization: `token ${this.#serviceToken}` },
    });
    if (!response.ok)
      throw new Error(`The hub did not tell the proxy its routes again (status ${response.status}).`);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#hub?.kill(), this.#proxy?.kill()]); // nobody will miss what they had in hand
  }

  async #startProxy(): Promise<void> {
    const { proxy, proxyApi, hub } = this.#ports;
    const args = [
      PROXY_PROGRAM,
      '--ip=127.0.0.1',
      `--port=${proxy}`,
      '--api-ip=127.0.0.1',
      `--api-port=${proxyApi}`,
    ];
    args.push(
      `--default-target=http://127.0.0.1:${hub}`,
      `--error-target=http://127.0.0.1:${hub}/nb/hub/error`,
    );
    if (this.#options.subdomains) args.push('--host-routing');
    this.#proxy = this.#supervise('proxy', process.execPath, args, {
      CONFIGPROXY_AUTH_TOKEN: this.#proxyToken,
    });
    // Without its token the proxy's own interface answers 403, which is answer enough.
    await untilAnswering(
      'The hub proxy',
      `http://127.0.0.1:${proxyApi}/`,
      this.#proxy,
      START_TIMEOUT_MS,
      () => true,
    );
  }

  async #startHub(): Promise<void> {
    const config = path.join(PYTHON_FILES, 'jupyterhub_config.py');
    this.#hub = this.#supervise('hub', this.#options.python, ['-m', 'jupyterhub', '--config', config], {
      RSP_HUB_SETTINGS: this.#settingsFile,
      PYTHONPATH: path.join(PYTHON_FILES, 'loopback'),
    });
    await untilAnswering('JupyterHub', `${this.#hubUrl}/nb/hub/api/`, this.#hub, START_TIMEOUT_MS);
  }

  #supervise(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Supervised {
    const { python, folder, log } = this.#options;
    return startSupervised(command, args, {
      python,
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', ...env },
      log: (line) => log(`${name}: ${line}`),
    });
  }

  async #writeSettings(): Promise<void> {
    const { folder, publicUrl, subdomains, controllerUrl, controllerToken, gafaelfawrUrl, caFile } =
      this.#options;
    const settings = {
      folder,
      publicUrl,
      subdomains,
      controllerUrl,
      controllerToken,
      logoutUrl: new URL('/logout', gafaelfawrUrl).href,
      caFile: caFile ?? '',
      pollIntervalSeconds: this.#options.pollIntervalSeconds ?? 300,
      httpTimeoutSeconds: this.#options.httpTimeoutSeconds ?? 90,
      liveProgress: this.#options.liveProgress ?? false,
      hubPort: this.#ports.hub,
      proxyPort: this.#ports.proxy,
      proxyApiPort: this.#ports.proxyApi,
      proxyToken: this.#proxyToken,
      serviceToken: this.#serviceToken,
      cryptKey: randomBytes(32).toString('hex'),
    };
    await writeFile(this.#settingsFile, JSON.stringify(settings), { mode: 0o600 });
  }
}
