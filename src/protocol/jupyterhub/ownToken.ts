import type { HubTokenInfo, TokenOwner } from './schemas';

/** What a hub remembers of the token that asks; of which of several it is, it may be known only when all of them end. */
export type OwnToken = Omit<HubTokenInfo, 'id'> & { readonly id: string | undefined };

/** A hub notes the use of a token again when it is older than half a minute, or than some minutes where it is so set. */
const NOTED_WITHIN_MS = 10 * 60_000;

/**
 * Which of a person's tokens has just been used to ask for them all, for hubs that do not tell; undefined when it may be
 * one of several that end at different times.
 *
 * It is of the same sign-in and allows the same, and it was used just now: every other one that was not used for much
 * longer than hubs take to note it is ruled out.
 */
export function tokenThatAsked(
  all: readonly HubTokenInfo[],
  { scopes, sessionId }: Pick<TokenOwner, 'scopes' | 'sessionId'>,
): OwnToken | undefined {
  const wanted = sorted(scopes);
  const used = all.flatMap((token) =>
    token.lastUsed && token.sessionId === sessionId && sorted(token.scopes) === wanted
      ? [{ token, usedMs: token.lastUsed.getTime() }]
      : [],
  );
  const newestMs = Math.max(...used.map(({ usedMs }) => usedMs));
  const [first, ...others] = used
    .filter(({ usedMs }) => newestMs - usedMs <= NOTED_WITHIN_MS)
    .map(({ token }) => token);
  if (!first || others.length === 0) return first;
  const isSameEnd = others.every(({ expires }) => expires?.getTime() === first.expires?.getTime());
  const { scopes: allowed, expires } = first;
  const unknown = { id: undefined, note: undefined, created: undefined, lastUsed: undefined, sessionId };
  return isSameEnd ? { ...unknown, scopes: allowed, expires } : undefined;
}

function sorted(scopes: readonly string[]): string {
  return [...scopes].sort().join(' ');
}
