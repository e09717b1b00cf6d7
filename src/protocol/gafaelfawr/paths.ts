import { RequestFailure } from '../http/failures';

/** Lower-case letters, digits, and single hyphens between them. */
const USERNAME = /^(?=.{1,64}$)[a-z0-9](?:[a-z0-9]|-[a-z0-9])*$/;
const KEY = /^[A-Za-z0-9_-]{22}$/;

/** Where the tokens of a person are, below the API's base. */
export function tokensPath(username: string): string {
  return `${userPath(username)}/tokens`;
}

export function tokenPath(username: string, key: string): string {
  if (!KEY.test(key)) throw unusable('users/{username}/tokens/{key}');
  return `${tokensPath(username)}/${encodeURIComponent(key)}`;
}

export function historyPath(username: string, key: string): string {
  return `${tokenPath(username, key)}/change-history`;
}

export function changesPath(username: string): string {
  return `${userPath(username)}/token-change-history`;
}

function userPath(username: string): string {
  if (!USERNAME.test(username)) throw unusable('users/{username}');
  return `users/${encodeURIComponent(username)}`;
}

/** What no server could have given us is not sent to one; a path that it is put into might lead elsewhere. */
function unusable(path: string): RequestFailure {
  return new RequestFailure('protocol', path, { reason: 'unexpectedShape' });
}
