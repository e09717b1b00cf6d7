import { randomBytes } from 'node:crypto';

/** The two halves of a token; the key is public, the secret is not. */
export interface Token {
  readonly key: string;
  readonly secret: string;
}

const PART_LENGTH = 22;

/** Reads a token as the server does: prefix, one dot, the lengths of the parts, nothing else. */
export function parseToken(text: string): Token | { problem: string } {
  if (!text.startsWith('gt-')) return { problem: 'Token does not start with gt-' };
  const rest = text.slice('gt-'.length);
  const dot = rest.indexOf('.');
  const [key, secret] = [rest.slice(0, dot), rest.slice(dot + 1)];
  if (dot < 0 || key.length !== PART_LENGTH || secret.length !== PART_LENGTH)
    return { problem: 'Token is malformed' };
  return { key, secret };
}

export function isToken(text: string): boolean {
  return 'key' in parseToken(text);
}

export function printToken(token: Token): string {
  return `gt-${token.key}.${token.secret}`;
}

/** 128 random bits for each part, as base64url without padding. */
export function makeToken(): Token {
  return { key: randomBytes(16).toString('base64url'), secret: randomBytes(16).toString('base64url') };
}
