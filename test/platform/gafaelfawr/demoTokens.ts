import type { UserConfig } from '../config';
import { parseToken, printToken } from './token';
import type { TokenStore, TokenType } from './tokenStore';

/** A token to make for a test. */
export interface MintSpec {
  readonly username: string;
  /** All scopes that the user has, unless said otherwise. */
  readonly scopes?: readonly string[];
  /** From now, which may be negative; null, the default, is never. */
  readonly expiresInSeconds?: number | null;
  readonly tokenType?: TokenType;
}

/** The configured tokens, and those that tests make. */
export class DemoTokens {
  readonly #store: TokenStore;
  readonly #users: readonly UserConfig[];
  #minted = 0;

  constructor(store: TokenStore, users: readonly UserConfig[]) {
    this.#store = store;
    this.#users = users;
    for (const { username, tokens } of users) {
      for (const { name, token, scopes, expiresInSeconds } of tokens) {
        const parsed = parseToken(token);
        if ('problem' in parsed)
          throw new Error(`The token ${name} of ${username} is none: ${parsed.problem}`);
        store.add({
          token: parsed,
          username,
          tokenType: 'user',
          tokenName: name,
          scopes,
          expiresS: expiresInSeconds === null ? undefined : store.nowS + expiresInSeconds,
        });
      }
    }
  }

  /** The first configured token of a user. */
  of(username: string): string {
    const token = this.#users.find((user) => user.username === username)?.tokens[0]?.token;
    if (token === undefined) throw new Error(`The platform's configuration has no user ${username}.`);
    return token;
  }

  mint(spec: MintSpec): string {
    const { username, expiresInSeconds = null, tokenType = 'user' } = spec;
    const user = this.#users.find((candidate) => candidate.username === username);
    this.#minted += 1;
    const record = this.#store.add({
      username,
      tokenType,
      scopes: spec.scopes ?? user?.scopes ?? [],
      tokenName: tokenType === 'user' ? `minted ${this.#minted}` : undefined,
      expiresS: expiresInSeconds === null ? undefined : this.#store.nowS + expiresInSeconds,
    });
    return printToken(record.token);
  }

  /** Ends a token and its children; unknown ones are ended already. */
  revoke(token: string): void {
    const parsed = parseToken(token);
    if ('key' in parsed) this.#store.revoke(parsed.key);
  }
}
