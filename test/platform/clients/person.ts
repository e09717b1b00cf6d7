import '../../setup/loopbackNames.cjs';
import { systemClock, type Clock } from '../../../src/common/clock';
import { silentLog, type Log } from '../../../src/common/log';
import { Secret } from '../../../src/common/secret';
import { toAccount, type Account } from '../../../src/domain/accounts/account';
import type { Accounts } from '../../../src/domain/accounts/accounts';
import { SignIn } from '../../../src/domain/accounts/signIn';
import type { Desk } from '../../../src/domain/desk';
import { Desks } from '../../../src/domain/desks';
import { toChoice } from '../../../src/domain/lab/labMenu';
import type { LabServer } from '../../../src/domain/lab/labEntry';
import type { LabInside } from '../../../src/domain/lab/labInside';
import { Protocol, type ProtocolOptions } from '../../../src/protocol';
import { accountsOn } from '../../fakes/accounts';
import type { Platform } from '../platform';
import { menuOf, rspOf } from '../../fakes/samples';

/** How the servers know a person from others. */
export const PERSON = 'rsp-notebooks/person';

const never = new AbortController().signal;

/** Somebody who works at a platform with all of the extension but the editor. */
export class Person {
  readonly #protocol: Protocol;
  readonly #accounts: Accounts;
  readonly #desks: Desks;
  readonly #signIn: SignIn;
  readonly #platform: Platform;

  constructor(
    platform: Platform,
    {
      clock = systemClock,
      log = silentLog,
      ...more
    }: { readonly clock?: Clock; readonly log?: Log } & Partial<
      Pick<ProtocolOptions, 'findNotebook' | 'network' | 'kernelClock'>
    > = {},
  ) {
    this.#platform = platform;
    this.#protocol = new Protocol({ network: {}, userAgent: PERSON, log, ...more });
    const protocol = () => Promise.resolve(this.#protocol);
    this.#accounts = accountsOn();
    this.#desks = new Desks(this.#accounts, protocol, clock, log);
    this.#signIn = new SignIn(protocol, this.#accounts, log);
  }

  /** Signs in, or takes a new token for the account that is there. */
  async useToken(token: string): Promise<Account> {
    const site = await this.#signIn.findSite(this.#platform.baseUrl.href, never);
    const account = toAccount(await this.#signIn.check(site, new Secret(token), never), { kind: 'stored' });
    await this.#accounts.save(account);
    return account;
  }

  /** What speaks to servers here. */
  get protocol(): Protocol {
    return this.#protocol;
  }

  /** Everything of one account. */
  deskOf(account: Account): Desk {
    return this.#desks.of(account.id);
  }

  /** Whether the account was given up because the site does not know its token any more. */
  isRefused(account: Account): boolean {
    return this.#accounts.find(account.id)?.isRefused === true;
  }

  signOut(account: Account): Promise<void> {
    return this.#accounts.remove(account.id);
  }

  /** Starts a lab of the first image and size on offer, and waits until it is ready. */
  async startLab(account: Account): Promise<void> {
    const { lab } = this.#desks.of(account.id);
    const { images, sizes } = menuOf(await lab.fetchMenu(never));
    const [image] = images;
    const [size] = sizes;
    if (!image || !size) throw new Error('The platform offers no image or no size.');
    await lab.start(toChoice(image, size), never);
  }

  stopLab(account: Account): Promise<void> {
    return this.#desks.of(account.id).lab.stop(never);
  }

  enterLab(account: Account): Promise<LabServer> {
    return this.#desks.of(account.id).lab.enter(never);
  }

  /** What is asked of the server inside their lab. */
  inside(account: Account): LabInside {
    return this.#desks.of(account.id).inside;
  }

  /** The tokens that a token of theirs descends from, as the site tells it, the nearest first. */
  async ancestorsOf(account: Account, key: string): Promise<string[]> {
    const gafaelfawr = this.#protocol.gafaelfawr(rspOf(account.site).gafaelfawrUrl);
    const tokens = await gafaelfawr.fetchTokens(account.token, account.username, never);
    const ancestors: string[] = [];
    const parentOf = (of: string) => tokens.find((token) => token.key === of)?.parent;
    for (let at = parentOf(key); at !== undefined; at = parentOf(at)) ancestors.push(at);
    return ancestors;
  }

  async leave(): Promise<void> {
    this.#desks.dispose();
    this.#accounts.dispose();
    await this.#protocol.close();
  }
}
