import {
  ContentsManager,
  KernelAPI,
  KernelManager,
  KernelSpecManager,
  SessionManager,
  type Kernel,
  type KernelSpec,
  type ServerConnection,
  type Session,
} from '@jupyterlab/services';

const WAIT_MS = 10_000;

/**
 * JupyterLab's managers for one server. While they live they poll kernels and sessions every 10 s and kernel
 * specifications every 61 s.
 */
export class Lab {
  readonly sessions: SessionManager;
  readonly #specs: KernelSpecManager;
  readonly #kernels: KernelManager;
  readonly #contents: ContentsManager;
  readonly #settings: ServerConnection.ISettings;
  #isDisposed = false;

  constructor(settings: ServerConnection.ISettings) {
    this.#settings = settings;
    this.#specs = new KernelSpecManager({ serverSettings: settings });
    this.#kernels = new KernelManager({ serverSettings: settings });
    this.sessions = new SessionManager({ serverSettings: settings, kernelManager: this.#kernels });
    this.#contents = new ContentsManager({ serverSettings: settings });
  }

  runningKernels(): Promise<Kernel.IModel[]> {
    return KernelAPI.listRunning(this.#settings);
  }

  async runningSessions(): Promise<Session.IModel[]> {
    await within(WAIT_MS, this.sessions.ready).catch(() => undefined); // the refresh below says what is wrong
    await this.sessions.refreshRunning();
    return [...this.sessions.running()];
  }

  /** Empty when they cannot be had: that alone is not a failure. */
  async kernelSpecs(): Promise<KernelSpec.ISpecModel[]> {
    try {
      await within(WAIT_MS, this.sessions.ready);
      await within(WAIT_MS, this.#specs.refreshSpecs());
    } catch {
      return [];
    }
    return Object.values(this.#specs.specs?.kernelspecs ?? {}).filter((spec) => spec !== undefined);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#contents.dispose();
    void within(WAIT_MS, this.sessions.ready)
      .catch(() => undefined) // it is being thrown away
      .finally(() => {
        this.sessions.dispose();
        this.#kernels.dispose();
        this.#specs.dispose();
      });
  }
}

/** Waits for `work`, but not longer than `limitMs`; which of the two ended first is not told. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
