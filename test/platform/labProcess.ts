import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type CommandLine, homeConfinement } from './homeConfinement';
import { resetUserEnvironment } from './userEnvironment';
import { freePort, PYTHON_FILES, startSupervised, type Supervised, untilAnswering } from './supervised';

const START_TIMEOUT_MS = 90_000;
/** How RSP starts a lab, without the port. */
const SERVER_ARGUMENTS = [
  '--no-browser',
  '--allow-root', // the whole platform runs as whoever starts it
  '--ContentsManager.allow_hidden=True',
  '--FileContentsManager.hide_globs=[]',
  '--KernelSpecManager.ensure_native_kernel=False',
  '--QtExporter.enabled=False',
  '--PDFExporter.enabled=False',
  '--WebPDFExporter.enabled=False',
  '--MappingKernelManager.default_kernel_name=lsst',
  '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
  '--LanguageServerManager.autodetect=False', // would ask npm, node and others what they have
  // A lab image has no other kernels than its own; here they would be those of this computer.
  "--KernelSpecManager.allowed_kernelspecs={'lsst'}",
];

export interface LabOptions {
  /** The interpreter of the lab environment. */
  python: string;
  username: string;
  /** Everybody's homes; this lab's is the folder named like the user. */
  homesFolder: string;
  /** What the hub and the controller tell the lab: the hub's address and credentials, the user's token, and so on. */
  env: Record<string, string>;
  image: { reference: string; tag: string; description: string; digest: string };
  size: { name: string; cpu: number; memoryBytes: number };
  /** A folder of packages that kernels have beside those of the lab's environment. */
  packages?: string | undefined;
  /** A free one unless given. */
  port?: number;
  /** Certificate authority of the platform, where it speaks TLS: code in the lab asks the platform's services. */
  caFile?: string;
  log: (line: string) => void;
}

/** A user's lab, which on a real platform would be a Kubernetes pod. */
export interface LabProcess {
  /** Where the lab listens, as seen from the hub; the lab's base path is not part of it. */
  readonly url: string;
  readonly pid: number;
  /** The lab's exit code, once the lab and all its kernels are gone. */
  readonly exited: Promise<number | null>;
  /** Ends lab and kernels without warning, as when a node is lost. */
  kill(): Promise<void>;
  /** Ends lab and kernels in order. */
  stop(): Promise<void>;
}

/**
 * Starts a JupyterLab server for one user and returns at once, as creating a pod does: whether the server answers is
 * for the hub to find out ({@link labAnswers} for who wants to wait here).
 */
export async function startLab(options: LabOptions): Promise<LabProcess> {
  const port = options.port ?? (await freePort());
  const home = path.join(options.homesFolder, options.username);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o700);
  await mountToken(mountsOf(home), options.env['ACCESS_TOKEN']);
  if (options.env['RESET_USER_ENV'] !== undefined) await resetUserEnvironment(home, new Date());
  const confinement = await homeConfinement();
  if (!confinement.private) options.log(confinement.note);
  const program = path.join(path.dirname(options.python), 'jupyterhub-singleuser');
  const command: CommandLine = [program, `--port=${port}`, `--notebook-dir=${home}`, ...SERVER_ARGUMENTS];
  const [first, ...rest] = confinement.confine(options.homesFolder, options.username, command);
  const lab = startSupervised(first, rest, {
    python: options.python,
    cwd: home,
    env: labEnvironment(options, home, port),
    log: options.log,
  });
  return new RunningLab(`http://127.0.0.1:${port}`, lab);
}

/** Waits until a lab's server answers, in any way at all. */
export async function labAnswers(lab: LabProcess): Promise<void> {
  await untilAnswering('The lab', lab.url, lab, START_TIMEOUT_MS, () => true);
}

class RunningLab implements LabProcess {
  readonly #process: Supervised;

  constructor(
    readonly url: string,
    process: Supervised,
  ) {
    this.#process = process;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get exited(): Promise<number | null> {
    return this.#process.exited;
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

/** What a real lab has at /etc/nublado; here it is below the home, where other labs cannot look. */
function mountsOf(home: string): string {
  return path.join(home, '.nublado');
}

/** The file of the lab's own token, as fixed at the start as the variable is. */
async function mountToken(mounts: string, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  const file = path.join(mounts, 'secrets', 'token');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, token, { mode: 0o600 });
}

/** Nothing of this computer's environment but what a program cannot do without. */
function labEnvironment(options: LabOptions, home: string, port: number): NodeJS.ProcessEnv {
  const { python, username, image, size, env, caFile, packages } = options;
  const beside = packages === undefined ? [] : [packages];
  const prefix = env['JUPYTERHUB_SERVICE_PREFIX'] ?? `/nb/user/${username}/`;
  return {
    LANG: 'C.UTF-8',
    MPLBACKEND: 'module://matplotlib_inline.backend_inline',
    CONTAINER_SIZE: `${size.name} (${size.cpu} CPU, ${size.memoryBytes / 2 ** 30} GiB)`,
    JUPYTER_IMAGE_SPEC: image.reference,
    IMAGE_DESCRIPTION: image.description,
    IMAGE_DIGEST: image.digest,
    NUBLADO_RUNTIME_MOUNTS_DIR: mountsOf(home),
    ...(caFile !== undefined && { SSL_CERT_FILE: caFile }),
    ...env,
    CPU_LIMIT: String(size.cpu),
    MEM_LIMIT: String(size.memoryBytes),
    USER: username,
    LOGNAME: username,
    HOME: home,
    PATH: [path.dirname(python), process.env['PATH']].join(path.delimiter),
    PYTHONPATH: [path.join(PYTHON_FILES, 'stack'), path.join(PYTHON_FILES, 'loopback'), ...beside].join(
      path.delimiter,
    ),
    JUPYTER_PATH: [PYTHON_FILES, ...beside]
      .map((folder) => path.join(folder, 'share', 'jupyter'))
      .join(path.delimiter),
    JUPYTER_CONFIG_PATH: path.join(PYTHON_FILES, 'config'),
    JUPYTERHUB_SERVICE_URL: `http://127.0.0.1:${port}${prefix}`,
  };
}
