import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { Renewal, type Renewed } from '../../src/domain/accounts/renewal';
import { RetiredTokens, type RetiredToken } from '../../src/domain/accounts/retiredTokens';
import { TokenFamily } from '../../src/domain/accounts/tokenFamily';
import type { LabState } from '../../src/domain/lab/labState';
import { accountsOn } from './accounts';
import { never } from './deferred';
import { FakeRsp } from './fakeRsp';
import { JumpingClock } from './jumpingClock';
import { MapMemory } from './mapMemory';
import { MemorySecrets } from './memorySecrets';
import { RecordingLog } from './recordingLog';
import { sampleAccount, sampleSite } from './samples';

/** One window in which tokens can be renewed; its lab is what the test says. */
export interface RenewalWindow {
  readonly accounts: Accounts;
  readonly renewal: Renewal;
  readonly retired: RetiredTokens;
  readonly clock: JumpingClock;
  readonly log: RecordingLog;
  lab: LabState;
}

/** The scopes of the token that is renewed. */
export const RENEWED_SCOPES = ['exec:notebook', 'read:tap', 'user:token'];

/** Somebody at a fake site whose token may make others, and the windows in which they renew it. */
export class RenewalScene {
  readonly secrets = new MemorySecrets();
  readonly memory = new MapMemory();
  readonly #windows: RenewalWindow[] = [];

  private constructor(
    readonly rsp: FakeRsp,
    readonly account: Account,
  ) {}

  static async start(): Promise<RenewalScene> {
    const rsp = await FakeRsp.start();
    rsp.gafaelfawr.change({ scopes: RENEWED_SCOPES });
    const { gafaelfawrUrl, hubUrl, controllerUrl, baseUrl, token, username } = rsp;
    const site = { ...sampleSite(baseUrl.href, 'example'), gafaelfawrUrl, hubUrl, controllerUrl };
    const account = sampleAccount({ site, username, token: new Secret(token), scopes: RENEWED_SCOPES });
    const scene = new RenewalScene(rsp, account);
    await scene.window.accounts.save(account);
    return scene;
  }

  /** The first window. */
  get window(): RenewalWindow {
    return this.#windows[0] ?? this.open();
  }

  open(): RenewalWindow {
    const [log, clock] = [new RecordingLog(), new JumpingClock(Date.now())];
    const accounts = accountsOn(this.secrets, log);
    const loaded = this.rsp.protocol(log);
    const protocol = () => Promise.resolve(loaded);
    const lab: LabState = { kind: 'none' };
    const state: { lab: LabState } = { lab };
    const family = new TokenFamily(protocol, () => ({ refresh: () => Promise.resolve(state.lab) }));
    const retired = new RetiredTokens(this.memory);
    const parts = { protocol, accounts, family, retired, computerName: 'laptop', clock, log };
    const window = Object.assign(state, { accounts, retired, clock, log, renewal: new Renewal(parts) });
    this.#windows.push(window);
    return window;
  }

  renew(expires?: Date, signal: AbortSignal = never): Promise<Renewed> {
    return this.window.renewal.renew(this.account, expires, signal);
  }

  /** A lab that runs, for the first window. */
  runLab(startedAt: string): void {
    this.window.lab = { kind: 'running', address: { url: this.rsp.labUrl, startedAt }, details: undefined };
  }

  /** What the site hands to a lab, or to the controller that is asked for its images. */
  addChild(): void {
    this.rsp.gafaelfawr.add({
      tokenType: 'notebook',
      scopes: RENEWED_SCOPES,
      parent: this.account.tokenKey,
    });
  }

  /** The names of the person's own tokens at the site; the one they began with is `laptop`. */
  get names(): readonly string[] {
    const own = this.rsp.gafaelfawr.tokens.filter(({ tokenType }) => tokenType === 'user');
    return own.map(({ tokenName = '' }) => tokenName);
  }

  /** Requests that revoke. */
  get revocations(): readonly string[] {
    return this.rsp.server.lines.filter((line) => line.startsWith('DELETE'));
  }

  get rest(): readonly RetiredToken[] {
    return this.window.retired.of(this.account.id, 0);
  }

  async stop(): Promise<void> {
    for (const { accounts } of this.#windows) accounts.dispose();
    await this.rsp.stop();
  }
}
