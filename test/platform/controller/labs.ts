import { type Faults, meets } from '../faults';
import type { People } from '../gafaelfawr/people';
import { ControllerError, type Image, type Images } from './images';
import { Lab, type LabOptions } from './lab';
import { labEnvironment, type SiteEnvironment } from './labEnvironment';
import { LabEvents } from './labEvents';
import type { ImageChoice, LabSpecification } from './labSpecification';
import type { LabStarter, RunningLab } from './labStarter';
import { Pacer } from './pacer';
import { fits, type Size, type Sizes } from './sizes';
import { DEAD_URL, spawn, tellDeletion } from './spawn';

/** What the keeping of labs needs. */
export interface LabParts {
  readonly images: Images;
  readonly sizes: Sizes;
  readonly people: People;
  readonly faults: Faults;
  readonly starter: LabStarter;
  readonly site: SiteEnvironment;
  readonly eventPauseMs: number;
}

const GIB = 2 ** 30;

/** The labs of all users: at most one each, and one operation on it at a time. */
export class Labs {
  readonly #parts: LabParts;
  readonly #labs = new Map<string, Lab>();
  /** The events of labs that are gone: their stream stays readable. */
  readonly #pastEvents = new Map<string, LabEvents>();
  readonly #spawnPacer: Pacer;
  readonly #stopPacer: Pacer;

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#spawnPacer = new Pacer(parts.faults, 'spawnPace', parts.eventPauseMs);
    this.#stopPacer = new Pacer(parts.faults, 'stopPace', 0);
  }

  /** Users whose labs run or come up. */
  get running(): string[] {
    return [...this.#labs.values()]
      .filter((lab) => lab.status !== 'terminated' && lab.status !== 'failed')
      .map((lab) => lab.user.username);
  }

  /** The body that tells of a user's lab; undefined where there is none. */
  stateOf(username: string): Record<string, unknown> | undefined {
    return this.#labs.get(username)?.toWire(this.#parts.faults.get('labDeathUnnoticed'));
  }

  eventsOf(username: string): LabEvents | undefined {
    return this.#labs.get(username)?.events ?? this.#pastEvents.get(username);
  }

  processOf(username: string): RunningLab | undefined {
    return this.#labs.get(username)?.process;
  }

  /**
   * Begins to create a lab.
   *
   * @throws ControllerError where the user may not, or has one already.
   */
  create(username: string, specification: LabSpecification, token: string): void {
    const { people, site } = this.#parts;
    const user = people.find(username);
    const quota = people.quotaOf(username)?.notebook;
    if (quota?.spawn === false) throw denied('Spawning a notebook is not permitted');
    if (user?.uid === undefined) throw denied('Must have a UID to spawn labs');
    if (user.gid === undefined) throw denied('Must have a GID to spawn labs');
    const refused = this.#parts.faults.get('spawnRefused');
    if (refused !== undefined) throw new ControllerError(refused.status, refused.type, refused.msg);
    const image = this.#chooseImage(specification.options.image);
    const size = this.#parts.sizes.byName(specification.options.size);
    if (size === undefined)
      throw new ControllerError(422, 'invalid_lab_size', `Invalid lab size "${specification.options.size}"`);
    if (quota !== undefined && !fits(size, quota)) {
      const msg = 'Insufficient quota to spawn requested lab';
      throw new ControllerError(403, 'insufficient_quota', msg, ['body', 'options', 'size']);
    }
    const previous = this.#replaceable(username);
    const { enableDebug, resetUserEnv } = specification.options;
    const lab = new Lab(user, { image, size, enableDebug, resetUserEnv }, toBytes(quota));
    const env = labEnvironment(specification, image, size, token, site);
    this.#begin(lab, previous, { username, env, image: describeImage(image), size: describe(size) });
  }

  /**
   * Stops a lab and forgets it; joins a stop that is under way, ends a spawn that is.
   *
   * @throws ControllerError `unknown_user` where there is no lab, `delete_failed` where it would not stop.
   */
  async delete(username: string): Promise<void> {
    const lab = this.#labs.get(username);
    if (lab === undefined) throw unknownUser(username);
    if (lab.operation?.kind === 'spawn') {
      lab.operation.abort.abort(new Error('Operation cancelled'));
      await lab.operation.done;
    }
    if (lab.operation?.kind !== 'delete') this.#beginDelete(lab);
    await lab.operation?.done;
    if (lab.status !== 'terminated') throw new ControllerError(500, 'delete_failed', 'Failed to delete lab');
  }

  /** A lab that runs as far as the controller knows, and that no hub started. */
  plantOrphan(username: string): void {
    const user = this.#parts.people.find(username);
    const [image] = this.#parts.images.menu;
    const [size] = this.#parts.sizes.within(undefined);
    if (user === undefined || image === undefined || size === undefined)
      throw new Error(`The platform knows no user ${username} to plant a lab for.`);
    const options: LabOptions = { image, size, enableDebug: false, resetUserEnv: false };
    const lab = new Lab(user, options, undefined);
    lab.status = 'running';
    lab.internalUrl = DEAD_URL;
    this.#labs.set(username, lab);
  }

  releaseSpawn(events = 1): void {
    this.#spawnPacer.release(events);
  }

  releaseStop(): void {
    this.#stopPacer.release();
  }

  /** Stops all labs, without ceremony. */
  async stopAll(): Promise<void> {
    const labs = [...this.#labs.values()];
    for (const lab of labs) lab.operation?.abort.abort(new Error('The platform stops'));
    await Promise.all(
      labs.map(async (lab) => {
        await lab.operation?.done;
        await lab.process?.stop();
        lab.events.close();
      }),
    );
    this.#labs.clear();
  }

  isFormUnavailable(username: string): boolean {
    return meets(this.#parts.faults.get('labFormUnavailable'), username);
  }

  #begin(lab: Lab, previous: Lab | undefined, start: Parameters<LabStarter>[0]): void {
    const abort = new AbortController();
    const parts = { faults: this.#parts.faults, pacer: this.#spawnPacer, starter: this.#parts.starter };
    this.#labs.set(start.username, lab);
    const done = spawn(lab, previous, start, parts, abort.signal).then(() => {
      lab.operation = undefined;
    });
    lab.operation = { kind: 'spawn', abort, done };
  }

  #beginDelete(lab: Lab): void {
    const { username } = lab.user;
    const abort = new AbortController();
    lab.status = 'terminating';
    lab.events = new LabEvents();
    const done = this.#stop(lab, abort.signal).then(
      () => {
        lab.status = 'terminated';
        this.#pastEvents.set(username, lab.events);
        if (this.#labs.get(username) === lab) this.#labs.delete(username);
      },
      () => {
        lab.status = 'failed';
        lab.events.put({ type: 'failed', message: 'Lab delete failed' });
      },
    );
    lab.operation = { kind: 'delete', abort, done: done.finally(() => this.#endDelete(lab)) };
  }

  #endDelete(lab: Lab): void {
    lab.events.close();
    lab.operation = undefined;
  }

  async #stop(lab: Lab, signal: AbortSignal): Promise<void> {
    await this.#stopPacer.next(signal);
    await lab.process?.stop();
    tellDeletion(lab.user.username, lab.events, 25, 100);
  }

  /** The dead lab in whose place a new one may come, if there is any. */
  #replaceable(username: string): Lab | undefined {
    const lab = this.#labs.get(username);
    if (lab?.operation !== undefined) {
      const msg = `Operation in progress for ${username}: ${lab.operation.kind}`;
      throw new ControllerError(409, 'operation_in_progress', msg);
    }
    if (lab !== undefined && lab.status !== 'failed' && lab.status !== 'terminated')
      throw new ControllerError(409, 'lab_exists', `Lab already exists for ${username}`);
    return lab;
  }

  #chooseImage(choice: ImageChoice): Image {
    try {
      switch (choice.field) {
        case 'image_list':
        case 'image_dropdown':
          return this.#parts.images.byReference(choice.value);
        case 'image_class':
          return this.#parts.images.byClass(choice.value);
        case 'image_tag':
          return this.#parts.images.byTag(choice.value);
      }
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      throw new ControllerError(error.status, error.type, error.message, ['body', 'options', choice.field]);
    }
  }
}

export function unknownUser(username: string): ControllerError {
  return new ControllerError(404, 'unknown_user', `Unknown user ${username}`, ['path', 'username']);
}

function denied(message: string): ControllerError {
  return new ControllerError(403, 'permission_denied', message);
}

function toBytes(quota: { cpu: number; memory: number } | undefined): Lab['quota'] {
  return quota === undefined ? undefined : { cpu: quota.cpu, memory: Math.trunc(quota.memory * GIB) };
}

function describeImage(image: Image) {
  const { tag, name, digest } = image.config;
  return { reference: image.reference, tag, description: name, digest };
}

function describe(size: Size) {
  return { name: size.name, cpu: size.limits.cpu, memoryBytes: size.limits.memory };
}
