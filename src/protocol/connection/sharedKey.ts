import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Secret } from '../../common/secret';
import { SharedWork } from '../../common/sharedWork';
import { RequestFailure } from '../http/failures';
import { pathOfOwned, type OwnedServer } from '../jupyterhub/shares';
import type { HubTokenClient, MadeHubToken } from '../jupyterhub/tokens';
import type { LabKey } from './labKey';

/** Somebody else's server, and whether the person has agreed to use it. */
export interface SharedServerRef extends OwnedServer {
  /** @throws what keeps the person from it; nothing is sent to the server then, and no token made for it. */
  readonly mayEnter: () => void;
}

/** One that is left behind by an editor that crashed ends soon by itself; another one costs a request in an hour. */
const LIFE_MS = 60 * 60_000;
/** Long before its end, as far as it lives long: the clocks of hub and computer may differ. */
const RENEW_BEFORE_MS = 10 * 60_000;
/** So long a lab may go by what the hub said before; one that turns away a newer token turns away every other. */
const SETTLED_MS = 5 * 60_000;
/** Nobody waits for it. */
const GIVE_BACK_WITHIN_MS = 10_000;

interface Made extends MadeHubToken {
  readonly atMs: number;
  readonly endsMs: number;
}

/**
 * A token that opens somebody else's server and nothing besides: whoever runs that reads what is sent to it, and could act
 * in the name of a person whose own token comes there.
 *
 * It is made with the first use, lives for an hour, has a successor long before, and is ended at the hub when it is not
 * needed any more. It is kept in memory alone.
 */
export class SharedKey implements LabKey {
  readonly owner: string;
  readonly #server: SharedServerRef;
  readonly #tokens: HubTokenClient;
  readonly #username: string;
  readonly #own: () => Secret;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #making = new SharedWork<Made>();
  #made: Made | undefined;
  #isLeft = false;

  /** @param own - the person's own token, with which the hub makes this one. */
  constructor(
    server: SharedServerRef,
    tokens: HubTokenClient,
    username: string,
    own: () => Secret,
    clock: Clock,
    log: Log,
  ) {
    this.owner = server.owner;
    this.#server = server;
    this.#tokens = tokens;
    this.#username = username;
    this.#own = own;
    this.#clock = clock;
    this.#log = log;
  }

  get current(): Secret | undefined {
    return this.#made?.token;
  }

  async prepare(signal: AbortSignal): Promise<Secret> {
    this.#server.mayEnter();
    const nowMs = this.#clock.nowMs();
    const made = this.#made;
    if (!made || nowMs >= made.endsMs) return this.#renew(signal);
    const beforeMs = Math.min(RENEW_BEFORE_MS, (made.endsMs - made.atMs) / 4);
    if (nowMs < made.endsMs - beforeMs) return made.token;
    try {
      return await this.#renew(signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#log.warn(`No successor yet for the token of ${pathOfOwned(this.#server)}: ${String(error)}`);
      return made.token; // it goes on for a while
    }
  }

  async another(refused: Secret, failure: RequestFailure, signal: AbortSignal): Promise<Secret> {
    this.#server.mayEnter();
    const made = this.#made;
    if (made && !made.token.equals(refused)) return made.token;
    if (made && this.#clock.nowMs() - made.atMs < SETTLED_MS) throw toKeyFailure(failure, 'keyRefused');
    return this.#renew(signal);
  }

  async giveBack(): Promise<void> {
    const made = this.#made;
    this.#made = undefined;
    if (made) await this.#end(made);
  }

  leave(): void {
    this.#isLeft = true;
    void this.giveBack();
  }

  async #renew(signal: AbortSignal): Promise<Secret> {
    return (await this.#making.run((shared) => this.#make(shared), signal)).token;
  }

  async #make(signal: AbortSignal): Promise<Made> {
    const path = pathOfOwned(this.#server);
    const atMs = this.#clock.nowMs();
    const token = await this.#create(path, signal);
    const made = { ...token, atMs, endsMs: atMs + (token.lifeMs ?? LIFE_MS) };
    this.#log.info(`${this.#username}: the hub made a token for the server ${path} alone`);
    const before = this.#made;
    if (before) void this.#end(before);
    if (this.#isLeft) void this.#end(made);
    else this.#made = made;
    return made;
  }

  async #create(path: string, signal: AbortSignal): Promise<MadeHubToken> {
    const scopes = [`access:servers!server=${path}`];
    const make = (lifeMs: number | undefined): Promise<MadeHubToken> => {
      const wish = { note: `VS Code, for the server ${path} alone`, scopes, lifeMs };
      return this.#tokens.createToken(this.#own(), this.#username, wish, signal);
    };
    try {
      return await make(LIFE_MS).catch((error: unknown) => {
        if (error instanceof RequestFailure && error.reason === 'lifeNotGranted') return make(undefined);
        throw error;
      });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.kind === 'forbidden') throw toKeyFailure(error, 'keyForbidden');
      throw error.reason === 'scopesNotGranted' ? toKeyFailure(error, 'keyRefused') : error;
    }
  }

  /** One that cannot be ended ends by itself. */
  async #end({ id }: Made): Promise<void> {
    const path = pathOfOwned(this.#server);
    try {
      const signal = AbortSignal.timeout(GIVE_BACK_WITHIN_MS);
      await this.#tokens.revokeToken(this.#own(), this.#username, id, signal);
      this.#log.info(`${this.#username}: gave back the token for the server ${path}`);
    } catch (error) {
      this.#log.warn(
        `The token for the server ${path} was not given back, and ends by itself: ${String(error)}`,
      );
    }
  }
}

function toKeyFailure(cause: RequestFailure, reason: 'keyForbidden' | 'keyRefused'): RequestFailure {
  return new RequestFailure('forbidden', cause.request, { status: cause.status, reason }, cause);
}
