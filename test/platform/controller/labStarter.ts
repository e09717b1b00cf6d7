/** What a lab is to be made of. */
export interface LabStart {
  readonly username: string;
  readonly env: Readonly<Record<string, string>>;
  readonly image: {
    readonly reference: string;
    readonly tag: string;
    readonly description: string;
    readonly digest: string;
  };
  readonly size: { readonly name: string; readonly cpu: number; readonly memoryBytes: number };
}

/** A lab that runs: what stands for its pod. */
export interface RunningLab {
  /** Where the hub reaches it. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with the exit code once the process has ended, however that came. */
  readonly exited: Promise<number | null>;
  /** Ends it as a lost node does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a lab's process; unit tests give one that starts nothing. */
export type LabStarter = (start: LabStart) => Promise<RunningLab>;
