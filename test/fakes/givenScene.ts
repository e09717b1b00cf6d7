import type { Clock } from '../../src/common/clock';
import { placeOf, type Account } from '../../src/domain/accounts/account';
import { Accounts } from '../../src/domain/accounts/accounts';
import { AccountStore } from '../../src/domain/accounts/accountStore';
import { GivenAccounts } from '../../src/domain/accounts/givenAccounts';
import type { MemoryPort } from '../../src/domain/accounts/memory';
import { sentenceOf } from '../../src/domain/problems/sentences';
import type { TokenChanges } from './fakeGafaelfawr';
import { FakeRsp } from './fakeRsp';
import { JumpingClock } from './jumpingClock';
import { MemorySecrets } from './memorySecrets';
import { RecordingLog } from './recordingLog';
import { TOKEN } from './samples';
import { FakeTokenPlaces, type FakePlace } from './tokenPlaces';

export const ACCESS_TOKEN = { kind: 'environment', variable: 'ACCESS_TOKEN' } as const;
export const NUBLADO_TOKEN = { kind: 'environment', variable: 'NUBLADO_TOKEN' } as const;
export const FILE = { kind: 'file', path: '~/token' } as const;

/** Time that stands still: whoever waits waits for ever. */
export const STILL: Clock = { nowMs: () => 0, wait: () => new Promise(() => undefined) };

/** What is remembered over restarts. */
class Memory implements MemoryPort {
  readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }
}

/** A window of the editor on a computer where tokens lie ready, and the site that knows them. */
export class GivenScene {
  readonly places = new FakeTokenPlaces();
  readonly secrets = new MemorySecrets();
  readonly memory = new Memory();
  readonly clock = new JumpingClock();
  readonly log = new RecordingLog();
  readonly given: GivenAccounts;
  readonly accounts: Accounts;
  readonly #opened: Accounts[] = [];

  private constructor(readonly rsp: FakeRsp) {
    ({ given: this.given, accounts: this.accounts } = this.open());
  }

  static async start(): Promise<GivenScene> {
    const rsp = await FakeRsp.start();
    rsp.answer('GET /auth/api/v1/user-info', (seen) => ({
      json: { username: rsp.gafaelfawr.callerOf(seen)?.username, groups: [] },
    }));
    return new GivenScene(rsp);
  }

  async stop(): Promise<void> {
    for (const accounts of this.#opened) accounts.dispose();
    await this.rsp.stop();
  }

  /** One more window. */
  open(clock: Clock = this.clock): { readonly given: GivenAccounts; readonly accounts: Accounts } {
    const { places, memory, log } = this;
    const given = new GivenAccounts({
      places: () => Promise.resolve(places),
      protocol: () => Promise.resolve(this.rsp.protocol(log)),
      memory,
      clock,
      log,
    });
    const accounts = new Accounts(new AccountStore(this.secrets, log), given);
    this.#opened.push(accounts);
    return { given, accounts };
  }

  /** A place whose token is for the site. */
  at(origin: FakePlace['origin'], text: FakePlace['text'] = TOKEN): FakePlace {
    return { origin, text, siteAddress: this.rsp.baseUrl.origin };
  }

  /** Nothing lies anywhere else. */
  lie(...places: FakePlace[]): void {
    this.places.places.splice(0, Infinity, ...places);
  }

  /** The first look, until everybody knows. */
  async look(): Promise<void> {
    await this.given.look();
    await this.accounts.load();
  }

  /** What lies there has changed, and has been looked at. */
  async changed(): Promise<void> {
    this.places.change();
    await this.given.look();
  }

  /** Another token that the site knows. */
  make(username: string, changes: TokenChanges = {}): string {
    return this.rsp.gafaelfawr.add({ username, scopes: ['exec:notebook'], ...changes }).reveal();
  }

  idOf(username: string): string {
    return `${this.rsp.baseUrl.host}#${username}`;
  }

  get sentences(): readonly string[] {
    return this.given.problems.map((problem) => sentenceOf(problem));
  }

  /** How often a path was asked for. */
  asked(path: string): number {
    return this.rsp.server.seen.filter((seen) => seen.path === path).length;
  }
}

export function told(accounts: readonly Account[]): readonly string[] {
  return accounts.map(({ username, origin }) => `${username} from ${placeOf(origin) ?? 'storage'}`);
}
