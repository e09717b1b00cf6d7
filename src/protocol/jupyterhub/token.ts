import { Secret } from '../../common/secret';

/** Hubs may be given tokens of any making. */
const TOKEN_SHAPE = /^[A-Za-z0-9._~+/=-]{8,512}$/;
/** What a hub makes by itself. */
const MADE_BY_HUB = /^[0-9a-f]{32}$/;
/** Tokens of other services, which people have on their clipboards, too. */
const OF_OTHERS = /^(?:gt-|gh[opsu]_|github_pat_|glpat-|sk-)/;

/**
 * A pasted text as a token of a hub, or undefined when it cannot be one; nothing is sent anywhere.
 *
 * Line ends, spaces, quotes and the word before it in a header that came along with the copy are forgiven.
 */
export function toHubToken(text: string): Secret | undefined {
  const bare = text
    .trim()
    .replace(/^(?:token|bearer)\s+/i, '')
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
  return TOKEN_SHAPE.test(bare) && !OF_OTHERS.test(bare) ? new Secret(bare) : undefined;
}

/** Whether a text is as hubs make tokens by themselves; few other things are. */
export function isMadeByHub(text: string): boolean {
  return MADE_BY_HUB.test(text.trim());
}
