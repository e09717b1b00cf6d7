import type { UserConfig } from '../config';
import type { Image } from './images';
import { LabEvents } from './labEvents';
import type { RunningLab } from './labStarter';
import type { Size } from './sizes';

export type LabStatus = 'pending' | 'running' | 'terminating' | 'terminated' | 'failed';

/** What a lab was asked to be. */
export interface LabOptions {
  readonly image: Image;
  readonly size: Size;
  readonly enableDebug: boolean;
  readonly resetUserEnv: boolean;
}

/** Something that is being done to a lab; one thing at a time. */
export interface Operation {
  readonly kind: 'spawn' | 'delete';
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** What the controller knows about a user's lab. */
export class Lab {
  readonly user: UserConfig;
  readonly options: LabOptions;
  readonly quota: { readonly cpu: number; readonly memory: number } | undefined;
  status: LabStatus = 'pending';
  internalUrl: string | undefined;
  process: RunningLab | undefined;
  operation: Operation | undefined;
  events = new LabEvents();

  constructor(user: UserConfig, options: LabOptions, quota: Lab['quota']) {
    this.user = user;
    this.options = options;
    this.quota = quota;
  }

  /** The body of `GET labs/{username}` and `GET user-status`. */
  toWire(isDeathUnnoticed: boolean): Record<string, unknown> {
    const { user, options, quota } = this;
    const looksAlive = this.status === 'terminated' && isDeathUnnoticed;
    return {
      user: {
        username: user.username,
        name: user.name ?? null,
        uid: user.uid,
        gid: user.gid,
        groups: user.groups,
      },
      options: {
        size: options.size.name,
        enable_debug: options.enableDebug,
        reset_user_env: options.resetUserEnv,
        image: options.image.reference,
      },
      status: looksAlive ? 'running' : this.status,
      internal_url: this.status === 'running' || looksAlive ? (this.internalUrl ?? null) : null,
      resources: { limits: options.size.limits, requests: options.size.requests },
      quota: quota ?? null,
    };
  }
}
