/** The kinds of refusal that a `WWW-Authenticate` header can name. */
export type ChallengeError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

export interface Challenge {
  readonly realm: string;
  readonly error?: ChallengeError;
  readonly description?: string;
  readonly scopes?: readonly string[];
}

/** The value of a `WWW-Authenticate` header, attribute by attribute as Gafaelfawr writes them. */
export function toChallengeHeader(challenge: Challenge): string {
  const parts = [`realm="${challenge.realm}"`];
  if (challenge.error !== undefined) {
    parts.push(`error="${challenge.error}"`);
    parts.push(`error_description="${(challenge.description ?? '').replaceAll(/["\\]/g, '')}"`);
    const scopes = [...(challenge.scopes ?? [])].sort().join(' ');
    if (scopes !== '') parts.push(`scope="${scopes}"`);
  }
  return `Bearer ${parts.join(', ')}`;
}
