import { Secret } from '../../common/secret';

/** `gt-<key>.<secret>`: two parts of 128 random bits each, in URL-safe base64 without padding. */
const TOKEN_SHAPE = /^gt-([A-Za-z0-9_-]{22})\.[A-Za-z0-9_-]{22}$/;

/**
 * A pasted text as a token, or undefined when it does not have a token's shape; nothing is sent anywhere.
 *
 * Line ends, spaces, quotes and a leading `Bearer` that came along with the copy are forgiven.
 */
export function toToken(text: string): Secret | undefined {
  const bare = text
    .trim()
    .replace(/^bearer\s+/i, '')
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
  return TOKEN_SHAPE.test(bare) ? new Secret(bare) : undefined;
}

/** The public part of a token, as the site's token page lists it. */
export function keyOfToken(token: Secret): string {
  return TOKEN_SHAPE.exec(token.reveal())?.[1] ?? '';
}
