import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

import { labPython } from '../../setup/pythonEnv';
import { freePort, PYTHON_FILES, startSupervised, type Supervised, untilAnswering } from '../supervised';
import {
  ReceivedSchema,
  SeenByLabSchema,
  TokensSchema,
  type HubToken,
  type Received,
  type SeenByLab,
} from './hubRecords';

const START_TIMEOUT_MS = 90_000;
const MOST_ATTEMPTS = 2;
/** What a hub says last before it gives up is the reason. */
const LINES_KEPT = 30;
const PROXY_PROGRAM = require.resolve('configurable-http-proxy/bin/configurable-http-proxy');

/** Somebody who signs people in with OAuth, as GitHub or CILogon do. */
export interface Provider {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface PlainHubOptions {
  /** An interpreter with JupyterHub and, where labs are started, JupyterLab; that of labs unless given. */
  readonly python?: string;
  /** A folder of packages beside those of the interpreter. */
  readonly packages?: string;
  /** An interpreter with psutil, unless that one has it. */
  readonly supervisorPython?: string;
  /** `/` unless given; begins and ends with a slash. */
  readonly basePath?: string;
  /** What stands in the form at `hub/spawn`; without any the page starts the server. */
  readonly formHtml?: string;
  /** Whether a start wants `image` as the hubs of Tapis do: a list whose first element is JSON. */
  readonly checksImages?: boolean;
  readonly namedServers?: boolean;
  /** Whether each person's servers have a host of their own, below the hub's. */
  readonly subdomains?: boolean;
  /** How many servers with names each person may have; as many as they like unless given. */
  readonly namedServerLimit?: number;
  /** Whether people get JupyterLab; otherwise a server that says yes to everything stands in for it. */
  readonly startsLabs?: boolean;
  /** How long a start takes, beside what the lab takes; the option `seconds` of a single start goes before it. */
  readonly startSeconds?: number;
  /** Told in the course of a start. */
  readonly messages?: readonly string[];
  /** The words with which every start fails. */
  readonly failure?: string;
  readonly startTimeoutSeconds?: number;
  /** How long the hub waits before it says that a start is under way; at once unless given. */
  readonly slowSpawnSeconds?: number;
  /** As JupyterHub writes it, such as `2G`. */
  readonly memoryLimit?: string;
  readonly cpuLimit?: number;
  /** Signs people in there instead of by name and {@link PlainHub.password}. */
  readonly provider?: Provider;
  /** Whether its login page leads on to the provider by itself. */
  readonly autoLogin?: boolean;
  readonly log?: (line: string) => void;
}

/** A JupyterHub without anything of Rubin, on a free port of this computer. */
export interface PlainHub {
  /** Ends in a slash; the hub's own pages are below `hub/`. */
  readonly url: URL;
  /** The password of everybody. */
  readonly password: string;
  /** A token as the hub's token page makes it; the person comes into being with the first. */
  tokenOf(
    username: string,
    more?: { readonly scopes?: readonly string[]; readonly expiresInSeconds?: number },
  ): Promise<string>;
  /** Lets somebody use somebody else's default server, which has been started once. */
  share(owner: string, username: string): Promise<void>;
  /** Takes that back. */
  unshare(owner: string, username: string): Promise<void>;
  /** Lets a group of people, which comes into being with it, use somebody else's default server. */
  shareWithGroup(owner: string, group: string, usernames: readonly string[]): Promise<void>;
  /** The tokens of somebody that the hub knows. */
  tokensOf(username: string): Promise<readonly HubToken[]>;
  /** What came to labs, as far as they write it down when all is over that a request asked for. */
  seenByLabs(): Promise<readonly SeenByLab[]>;
  /** Puts another form at `hub/spawn`, for everybody or for one person; an empty one is none. */
  serveForm(html: string, username?: string): Promise<void>;
  /** What the starts were asked for, oldest first. */
  received(): Promise<readonly Received[]>;
  stop(): Promise<void>;
}

/** Starts the hub with its proxy in a folder of its own, and returns when it answers. */
export async function startPlainHub(options: PlainHubOptions = {}): Promise<PlainHub> {
  const python = options.python ?? (await labPython());
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const hub = new RunningHub({ ...options, python }, folder, ports);
    try {
      await hub.start();
      return hub;
    } catch (error) {
      // A port that was free may be somebody else's by the time the hub takes it.
      if (attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

class RunningHub implements PlainHub {
  readonly url: URL;
  readonly password = 'a password for tests';
  readonly #options: PlainHubOptions & { readonly python: string };
  /** For database, homes and settings. */
  readonly #folder: string;
  readonly #ports: readonly [proxy: number, proxyApi: number, hub: number];
  readonly #serviceToken = randomBytes(32).toString('hex');
  #process: Supervised | undefined;

  constructor(
    options: PlainHubOptions & { readonly python: string },
    folder: string,
    ports: readonly [number, number, number],
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#ports = ports;
    const host = options.subdomains ? 'hub.localhost' : '127.0.0.1';
    this.url = new URL(options.basePath ?? '/', `http://${host}:${ports[0]}`);
  }

  async start(): Promise<void> {
    const { python, packages, supervisorPython = python, log } = this.#options;
    const folder = this.#folder;
    const places = [path.join(PYTHON_FILES, 'loopback'), ...(packages === undefined ? [] : [packages])];
    const said: string[] = [];
    await mkdir(path.join(folder, 'homes'), { recursive: true });
    await writeFile(this.#file('received.jsonl'), '');
    await writeFile(this.#file('tokens-seen.jsonl'), '');
    await this.serveForm(this.#options.formHtml ?? '');
    await writeFile(this.#file('settings.json'), JSON.stringify(this.#settings()), { mode: 0o600 });
    const config = path.join(PYTHON_FILES, 'hubs', 'jupyterhub_config.py');
    this.#process = startSupervised(python, ['-m', 'jupyterhub', '--config', config], {
      python: supervisorPython,
      cwd: folder,
      env: {
        PATH: [path.dirname(python), process.env['PATH']].join(path.delimiter),
        HOME: folder,
        LANG: 'C.UTF-8',
        PLAIN_HUB_SETTINGS: this.#file('settings.json'),
        PYTHONPATH: places.join(path.delimiter),
      },
      log: (line) => {
        log?.(line);
        if (said.push(line) > LINES_KEPT) said.shift();
      },
    });
    try {
      await untilAnswering('JupyterHub', this.#api('').href, this.#process, START_TIMEOUT_MS);
    } catch (error) {
      await this.stop();
      throw new Error(`${String(error)}\n${said.join('\n')}`, { cause: error });
    }
  }

  async tokenOf(
    username: string,
    more: { readonly scopes?: readonly string[]; readonly expiresInSeconds?: number } = {},
  ): Promise<string> {
    const user = `users/${encodeURIComponent(username)}`;
    await this.#post(user, {}, [201, 409]);
    const wish = {
      note: 'tests',
      ...(more.scopes && { scopes: more.scopes }),
      ...(more.expiresInSeconds !== undefined && { expires_in: more.expiresInSeconds }),
    };
    const made = await this.#post(`${user}/tokens`, wish, [200, 201]);
    return z.object({ token: z.string() }).parse(await made.json()).token;
  }

  async share(owner: string, username: string): Promise<void> {
    await this.#post(`shares/${encodeURIComponent(owner)}/`, { user: username }, [200, 201]);
  }

  async unshare(owner: string, username: string): Promise<void> {
    await this.#call('PATCH', `shares/${encodeURIComponent(owner)}/`, { user: username }, [200]);
  }

  async shareWithGroup(owner: string, group: string, usernames: readonly string[]): Promise<void> {
    await this.#post(`groups/${group}`, {}, [201]);
    await this.#post(`groups/${group}/users`, { users: usernames }, [200]);
    await this.#post(`shares/${encodeURIComponent(owner)}/`, { group }, [200, 201]);
  }

  async tokensOf(username: string): Promise<readonly HubToken[]> {
    const answer = await this.#call('GET', `users/${encodeURIComponent(username)}/tokens`, undefined, [200]);
    return TokensSchema.parse(await answer.json()).api_tokens;
  }

  async seenByLabs(): Promise<readonly SeenByLab[]> {
    const lines = (await readFile(this.#file('tokens-seen.jsonl'), 'utf8')).split('\n');
    return lines.filter(Boolean).map((line) => SeenByLabSchema.parse(JSON.parse(line)));
  }

  async serveForm(html: string, username = 'form'): Promise<void> {
    await writeFile(this.#file(`${username}.html`), html);
  }

  async received(): Promise<readonly Received[]> {
    const lines = (await readFile(this.#file('received.jsonl'), 'utf8')).split('\n');
    return lines.filter(Boolean).map((line) => ReceivedSchema.parse(JSON.parse(line)));
  }

  async stop(): Promise<void> {
    await this.#process?.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #settings(): Readonly<Record<string, unknown>> {
    const { python, basePath = '/', checksImages = false, namedServers = false } = this.#options;
    const [proxyPort, proxyApiPort, hubPort] = this.#ports;
    return {
      folder: this.#folder,
      basePath,
      url: this.url.href,
      subdomainHost: this.#options.subdomains ? this.url.origin : '',
      proxyPort,
      proxyApiPort,
      hubPort,
      proxyToken: randomBytes(32).toString('hex'),
      proxyCommand: [process.execPath, PROXY_PROGRAM],
      serviceToken: this.#serviceToken,
      password: this.password,
      provider: this.#provider(),
      formFolder: this.#folder,
      recordFile: this.#file('received.jsonl'),
      tokensSeenFile: this.#file('tokens-seen.jsonl'),
      checksImages,
      namedServers,
      namedServerLimit: this.#options.namedServerLimit ?? 0,
      startsLabs: this.#options.startsLabs ?? false,
      labCommand: [python, '-m', 'jupyterhub.singleuser', '--allow-root'],
      startSeconds: this.#options.startSeconds ?? 0,
      messages: this.#options.messages ?? [],
      failure: this.#options.failure ?? '',
      startTimeoutSeconds: this.#options.startTimeoutSeconds ?? 60,
      slowSpawnSeconds: this.#options.slowSpawnSeconds ?? 0,
      memoryLimit: this.#options.memoryLimit ?? '',
      cpuLimit: this.#options.cpuLimit ?? 0,
    };
  }

  #provider(): unknown {
    const { provider, autoLogin = false } = this.#options;
    if (!provider) return null;
    const { url, clientId, clientSecret } = provider;
    return { url, clientId, clientSecret, autoLogin };
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }

  #api(route: string): URL {
    return new URL(`hub/api/${route}`, this.url);
  }

  #post(route: string, body: unknown, expected: readonly number[]): Promise<Response> {
    return this.#call('POST', route, body, expected);
  }

  async #call(method: string, route: string, body: unknown, expected: readonly number[]): Promise<Response> {
    const response = await fetch(this.#api(route), {
      method,
      headers: { authorization: `token ${this.#serviceToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!expected.includes(response.status))
      throw new Error(`${method} ${route} was answered with ${response.status}: ${await response.text()}`);
    return response;
  }
}
