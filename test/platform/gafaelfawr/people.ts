import type { QuotaConfig, UserConfig } from '../config';
import { type Faults, meets } from '../faults';

/** The users of the site and what each may use. */
export class People {
  readonly #users: ReadonlyMap<string, UserConfig>;
  readonly #quotas = new Map<string, QuotaConfig | undefined>();
  readonly #faults: Faults;

  constructor(users: readonly UserConfig[], faults: Faults) {
    this.#users = new Map(users.map((user) => [user.username, user]));
    for (const user of users) this.#quotas.set(user.username, user.quota);
    this.#faults = faults;
  }

  get all(): UserConfig[] {
    return [...this.#users.values()];
  }

  find(username: string): UserConfig | undefined {
    return this.#users.get(username);
  }

  /** Replaces a user's quota; undefined is "no quota configured". */
  setQuota(username: string, quota: QuotaConfig | undefined): void {
    this.#quotas.set(username, quota);
  }

  quotaOf(username: string): QuotaConfig | undefined {
    const quota = this.#quotas.get(username);
    if (!meets(this.#faults.get('spawnDisabled'), username)) return quota;
    // An override of the operator sets all three values of the notebook quota.
    const notebook = { cpu: 4, memory: 16, ...quota?.notebook, spawn: false };
    return { api: {}, tap: {}, ...quota, notebook };
  }

  /** The body of `GET user-info`: what is not known is left out. */
  userInfo(username: string): Record<string, unknown> {
    const user = this.#users.get(username);
    if (user === undefined) return { username, groups: [] };
    const quota = this.quotaOf(username);
    return {
      username,
      ...(user.name !== undefined && { name: user.name }),
      ...(user.email !== undefined && { email: user.email }),
      ...(user.uid !== undefined && { uid: user.uid }),
      ...(user.gid !== undefined && { gid: user.gid }),
      groups: user.groups,
      ...(quota !== undefined && { quota: toWire(quota) }),
    };
  }
}

function toWire(quota: QuotaConfig): Record<string, unknown> {
  const tap = Object.entries(quota.tap).map(([name, concurrent]) => [name, { concurrent }]);
  return {
    api: quota.api,
    ...(quota.disk !== undefined && { disk: quota.disk }),
    ...(quota.notebook !== undefined && { notebook: quota.notebook }),
    tap: Object.fromEntries(tap) as Record<string, unknown>,
  };
}
