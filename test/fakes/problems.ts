import type { Problem, ProblemKind } from '../../src/domain/problems/problem';

const host = 'data.example';
const siteName = 'example';

/** One problem of each kind; the type sees to it that none is missing. */
const BY_KIND: { readonly [K in ProblemKind]: Extract<Problem, { kind: K }> } = {
  siteAddress: { kind: 'siteAddress' },
  siteInsecure: { kind: 'siteInsecure', host },
  notRsp: { kind: 'notRsp', host },
  noNotebooks: { kind: 'noNotebooks', siteName },
  foreignServices: { kind: 'foreignServices', siteName },
  hostUnknown: { kind: 'hostUnknown', host },
  hostRefuses: { kind: 'hostRefuses', host },
  certificate: { kind: 'certificate', host },
  connectionCut: { kind: 'connectionCut', host },
  noAnswer: { kind: 'noAnswer', host },
  siteDown: { kind: 'siteDown', host, status: 502 },
  busy: { kind: 'busy', host, retryAfterMs: 30_000 },
  notJson: { kind: 'notJson', host },
  brokenJson: { kind: 'brokenJson', host },
  strangeAnswer: { kind: 'strangeAnswer', host },
  strangeRedirect: { kind: 'strangeRedirect', host },
  tokenShape: { kind: 'tokenShape' },
  tokenUnknown: { kind: 'tokenUnknown', siteName },
  tokenExpired: { kind: 'tokenExpired', siteName, expires: new Date(Date.UTC(2026, 0, 2)) },
  tokenOfOtherSite: { kind: 'tokenOfOtherSite', siteName, otherSiteName: 'another' },
  tokenTooShort: { kind: 'tokenTooShort', siteName },
  scopeMissing: { kind: 'scopeMissing', siteName, scopes: ['exec:notebook'] },
  wrongUser: { kind: 'wrongUser', host },
  signInNotKept: { kind: 'signInNotKept', host },
  refused: { kind: 'refused', host, status: 418 },
  notSignedIn: { kind: 'notSignedIn' },
  secretStorage: { kind: 'secretStorage' },
  labNotRunning: { kind: 'labNotRunning', siteName },
  labStarting: { kind: 'labStarting', siteName },
  labGone: { kind: 'labGone', siteName },
  labStopping: { kind: 'labStopping', siteName },
  notebooksUnavailable: { kind: 'notebooksUnavailable', siteName },
  spawnForbidden: { kind: 'spawnForbidden', siteName },
  quotaTooSmall: { kind: 'quotaTooSmall', siteName },
  imageUnknown: { kind: 'imageUnknown', siteName },
  spawnTimedOut: { kind: 'spawnTimedOut', siteName },
  labSilent: { kind: 'labSilent', siteName },
  spawnCancelled: { kind: 'spawnCancelled', siteName },
  spawnFailed: { kind: 'spawnFailed', siteName, words: 'no node left' },
  jupyterMissing: { kind: 'jupyterMissing' },
  unexpected: { kind: 'unexpected' },
};

export const PROBLEMS: readonly Problem[] = Object.values(BY_KIND);
