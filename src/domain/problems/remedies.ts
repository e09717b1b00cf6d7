import type { Problem, ProblemKind } from './problem';

/** A next step that helps, as a button. */
export type Remedy =
  | 'newToken'
  | 'signIn'
  | 'startLab'
  | 'restartKernel'
  | 'otherSize'
  | 'otherLabSize'
  | 'otherImage'
  | 'fastImage'
  | 'resetEnvironment'
  | 'showEvents'
  | 'selectKernel'
  | 'diagnose'
  | 'openInBrowser'
  | 'openSupport'
  | 'showLog'
  | 'openTokenSettings'
  | 'openProxySettings'
  | 'installJupyter';

/** What helps most first. For the other kinds the sentence itself says what to do, or only waiting helps. */
const REMEDIES: { readonly [K in ProblemKind]?: readonly Remedy[] } = {
  tokenUnknown: ['newToken'],
  tokenExpired: ['newToken'],
  tokenTooShort: ['newToken'],
  scopeMissing: ['newToken'],
  scopesNotGranted: ['newToken'],
  successorUnfit: ['newToken'],
  notSignedIn: ['signIn'],
  tokenFileMissing: ['openTokenSettings'],
  tokenFileEmpty: ['openTokenSettings'],
  tokenFileUnreadable: ['openTokenSettings'],
  tokenNowhere: ['signIn'],
  tokenSiteUnnamed: ['openTokenSettings'],
  tokenSiteOdd: ['openTokenSettings'],
  givenTokenShape: ['signIn'],
  givenTokenUnknown: ['signIn'],
  givenTokenUnused: ['signIn'],
  labNotRunning: ['startLab'],
  serverGone: ['selectKernel'],
  labGone: ['startLab'],
  labReplaced: ['restartKernel'],
  labAway: ['diagnose'],
  sharedKeyForbidden: ['newToken', 'openInBrowser'],
  sharedKeyRefused: ['openInBrowser'],
  sharedNotAgreed: ['selectKernel'],
  sharedStopped: ['selectKernel'],
  sharedWithdrawn: ['selectKernel'],
  sharedReplaced: ['restartKernel'],
  sharedAway: ['diagnose'],
  kernelSlow: ['diagnose'],
  kernelGone: ['restartKernel'],
  socketsBlocked: ['diagnose', 'openProxySettings'],
  kernelMissing: ['selectKernel'],
  kernelEnded: ['restartKernel', 'otherLabSize'],
  kernelSilent: ['restartKernel'],
  kernelNotStarted: ['diagnose', 'showLog'],
  quotaTooSmall: ['otherSize'],
  sizeUnknown: ['otherSize'],
  imageUnknown: ['otherImage'],
  imagePullFailed: ['fastImage', 'diagnose', 'showEvents'],
  pullTooSlow: ['fastImage', 'startLab', 'showEvents'],
  noRoom: ['otherSize', 'showEvents'],
  noSpace: ['startLab', 'diagnose', 'showEvents'],
  volumeFailed: ['startLab', 'diagnose', 'showEvents'],
  labCrashed: ['resetEnvironment', 'otherSize', 'showEvents'],
  spawnForbidden: ['openSupport'],
  spawnConflict: ['startLab', 'showEvents'],
  spawnTimedOut: ['fastImage', 'diagnose', 'showEvents'],
  labSilent: ['resetEnvironment', 'diagnose', 'showEvents'],
  spawnFailed: ['otherImage', 'diagnose', 'showEvents'],
  serverFailed: ['startLab', 'diagnose', 'showEvents'],
  jupyterMissing: ['installJupyter'],
  hostUnknown: ['diagnose'],
  hostRefuses: ['diagnose'],
  certificate: ['diagnose'],
  proxyUnreachable: ['openProxySettings', 'diagnose'],
  proxyCertificate: ['openProxySettings', 'diagnose'],
  proxySignIn: ['openProxySettings', 'diagnose'],
  proxyRefuses: ['openProxySettings', 'diagnose'],
  connectionCut: ['diagnose'],
  noAnswer: ['diagnose'],
  siteDown: ['diagnose'],
  signInNotKept: ['diagnose'],
  strangeRedirect: ['diagnose'],
  strangeAnswer: ['showLog', 'diagnose'],
  notJson: ['showLog', 'diagnose'],
  brokenJson: ['showLog', 'diagnose'],
  unexpected: ['showLog'],
};

export function remediesOf(problem: Problem): readonly Remedy[] {
  return REMEDIES[problem.kind] ?? [];
}
