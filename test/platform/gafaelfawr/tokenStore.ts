import { makeToken, parseToken, type Token } from './token';

export const TOKEN_TYPES = ['session', 'user', 'notebook', 'internal', 'service', 'oidc'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

/** What the server knows about one token. Times are whole seconds since the epoch. */
export interface TokenRecord {
  readonly token: Token;
  readonly username: string;
  readonly tokenType: TokenType;
  readonly service?: string | undefined;
  readonly scopes: readonly string[];
  readonly createdS: number;
  readonly expiresS?: number | undefined;
  readonly tokenName?: string | undefined;
  readonly parent?: string | undefined;
  lastUsedS?: number | undefined;
}

export interface NewToken {
  readonly username: string;
  readonly tokenType: TokenType;
  readonly scopes: readonly string[];
  readonly token?: Token;
  readonly service?: string | undefined;
  readonly expiresS?: number | undefined;
  readonly tokenName?: string | undefined;
  readonly parent?: string | undefined;
}

/** One line of a token's history. */
export interface TokenChange {
  /** Counts up, so that entries of the same second have an order. */
  readonly id: number;
  readonly record: TokenRecord;
  readonly action: 'create' | 'edit' | 'revoke';
  /** As it was before an edit. */
  readonly previous?: TokenRecord | undefined;
  readonly actor: string;
  readonly eventTimeS: number;
}

/** A token may not be made, nor handed on, with less than this left. */
export const MINIMUM_LIFE_S = 300;

/** All tokens there are, with their families: a child dies with its parent. */
export class TokenStore {
  readonly #records = new Map<string, TokenRecord>();
  readonly #history: TokenChange[] = [];
  readonly #clock: () => number;
  readonly #lifetimeS: number;

  /**
   * @param clock - milliseconds since the epoch
   * @param lifetimeS - what session tokens and tokens for labs live at most
   */
  constructor(clock: () => number, lifetimeS: number) {
    this.#clock = clock;
    this.#lifetimeS = lifetimeS;
  }

  get nowS(): number {
    return Math.floor(this.#clock() / 1000);
  }

  /** Every token that there ever was, those included that have ended. */
  get issued(): readonly Token[] {
    return this.#history.filter(({ action }) => action === 'create').map(({ record }) => record.token);
  }

  /** Makes a token, or gives one that exists other facts. */
  add(wanted: NewToken, actor = wanted.username): TokenRecord {
    const { token = makeToken(), scopes, ...rest } = wanted;
    const record = { ...rest, token, scopes: [...new Set(scopes)].sort(), createdS: this.nowS };
    const previous = this.#records.get(token.key);
    this.#records.set(token.key, record);
    this.#note(record, previous ? 'edit' : 'create', actor, previous);
    return record;
  }

  /** The valid token that this text is, if it is one: known, its secret right, not expired. */
  find(text: string): TokenRecord | undefined {
    const token = parseToken(text);
    if ('problem' in token) return undefined;
    const record = this.#records.get(token.key);
    if (record?.token.secret !== token.secret || this.#isExpired(record)) return undefined;
    return record;
  }

  byKey(key: string, username?: string): TokenRecord | undefined {
    const record = this.#records.get(key);
    if (record === undefined || this.#isExpired(record)) return undefined;
    return username === undefined || record.username === username ? record : undefined;
  }

  /** Living tokens of a user, newest first. */
  listOf(username: string): TokenRecord[] {
    return [...this.#records.values()]
      .filter((record) => record.username === username && !this.#isExpired(record))
      .reverse();
  }

  /** Ends a token and all that descend from it; says whether there was one. */
  revoke(key: string, actor?: string): boolean {
    const record = this.#records.get(key);
    if (record === undefined) return false;
    for (const child of [...this.#records.values()])
      if (child.parent === key) this.revoke(child.token.key, actor);
    this.#records.delete(key);
    this.#note(record, 'revoke', actor ?? record.username);
    return true;
  }

  /** What happened to a user's tokens, or to one token and its direct children, newest first. */
  historyOf(username: string, key?: string): TokenChange[] {
    return this.#history
      .filter(({ record }) => record.username === username)
      .filter(({ record }) => key === undefined || record.token.key === key || record.parent === key)
      .reverse();
  }

  /**
   * The token that a lab started with `parent` gets: the same scopes, never longer-lived. One that exists is
   * used again while enough of its life is left.
   */
  notebookChildOf(parent: TokenRecord, minimumLifeS?: number): TokenRecord {
    const nowS = this.nowS;
    const existing = [...this.#records.values()].find((record) => {
      if (record.parent !== parent.token.key || record.tokenType !== 'notebook') return false;
      if (record.expiresS === undefined || record.scopes.join() !== parent.scopes.join()) return false;
      const neededS = minimumLifeS ?? (record.expiresS - record.createdS) / 2;
      return record.expiresS - nowS >= neededS;
    });
    if (existing !== undefined) return existing;
    return this.add({
      username: parent.username,
      tokenType: 'notebook',
      scopes: parent.scopes,
      expiresS: Math.min(parent.expiresS ?? Infinity, nowS + this.#lifetimeS),
      parent: parent.token.key,
    });
  }

  #note(record: TokenRecord, action: TokenChange['action'], actor: string, previous?: TokenRecord): void {
    const id = this.#history.length + 1;
    this.#history.push({ id, record, action, actor, eventTimeS: this.nowS, previous });
  }

  #isExpired(record: TokenRecord): boolean {
    return record.expiresS !== undefined && record.expiresS <= this.nowS;
  }
}
