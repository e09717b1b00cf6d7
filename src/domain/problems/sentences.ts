import { purposeOf } from '../accounts/scopes';
import { traitsOf, type OfKind } from '../personality/traits';
import { certificateSentence } from './certificateSentence';
import type { Problem, ProblemKind } from './problem';

/** What a person reads is in the words of the site: its labs, or its servers. */
type Sentences = {
  readonly [K in ProblemKind]: (problem: Extract<Problem, { kind: K }>, labNoun: string) => string;
};

/** One sentence for each problem: what happened, and what to do about it. */
const SENTENCES: Sentences = {
  siteAddress: () =>
    'That is not the address of a site. Enter a host such as data.lsst.cloud, or copy the address of one of its pages.',
  siteInsecure: (p) =>
    `${p.host} was given with http, over which a token could be read on the way. Use its https address.`,
  noSite: (p) =>
    `${p.host} is neither a Rubin Science Platform nor a JupyterHub: it has no service discovery, and no hub answers there. Check the address, or copy that of one of its pages.`,
  loneServer: (p) =>
    `${p.host} is a Jupyter server without a hub. Use it by Existing Jupyter Server… in the kernel picker of the Jupyter extension, which takes its address.`,
  noNotebooks: (p) =>
    `${p.siteName} is a Rubin Science Platform, but it offers no notebooks. Choose another site.`,
  noPortal: (p) =>
    `${p.siteName} names no Portal. The pages that it has are listed under Services in the side bar.`,
  foreignServices: (p) =>
    `${p.siteName} names servers outside its own address. Nothing was sent there; tell the people who run the site.`,
  hostUnknown: (p) =>
    `The name ${p.host} is not known on this network. Check the spelling, your connection and your VPN.`,
  hostRefuses: (p) =>
    `${p.host} refuses connections. It may be down for maintenance; try again in a few minutes.`,
  certificate: (p) => certificateSentence(p.host, p.fault),
  proxyUnreachable: (p) =>
    `The proxy ${p.proxy} on the way to ${p.host} cannot be reached. Check your network and your VPN, then the setting http.proxy and HTTPS_PROXY.`,
  proxyCertificate: (p) => certificateSentence(`the proxy ${p.proxy}`, p.fault),
  proxySignIn: (p) =>
    `The proxy ${p.proxy} does not accept who asks. Put name and password into the setting http.proxy, as http://name:password@host:port, or set http.proxyAuthorization.`,
  proxyRefuses: (p) =>
    `The proxy ${p.proxy} does not lead to ${p.host}${inBrackets(p.status)}. Ask those who run it; if the host needs no proxy, add it to the setting http.noProxy.`,
  connectionCut: (p) => `The connection to ${p.host} broke. Check your network and try again.`,
  noAnswer: (p) => `${p.host} did not answer in time. Check your network and try again in a minute.`,
  siteDown: (p) =>
    `${p.host} has a problem of its own${inBrackets(p.status)}. Your token is fine; try again in a few minutes.`,
  busy: (p) =>
    `${p.host} asks to slow down. Try again ${p.retryAfterMs === undefined ? 'in a minute' : `in ${Math.max(1, Math.ceil(p.retryAfterMs / 1000))} s`}.`,
  notJson: (p) =>
    `${p.host} answered with a page where data was expected. A sign-in page of your network or a proxy may be in between; open the site in a browser and try again.`,
  brokenJson: (p) =>
    `${p.host} sent data that is garbled or breaks off in the middle. Try again; if it goes on, tell the people who run the site.`,
  strangeAnswer: (p) =>
    `${p.host} answered in a way this version does not understand. See the log, and check for an update of the extension.`,
  strangeRedirect: (p) =>
    `${p.host} sent the request on to another address. Your token was not sent there. Try again, and tell the people who run the site if it goes on.`,
  tokenShape: () =>
    'That is not a token of a Rubin Science Platform, which begins with gt- and has 48 characters. Nothing was sent; copy it again.',
  hubTokenShape: () =>
    'That is not a token of a JupyterHub, which its token page shows once as it makes one. Nothing was sent; copy it again.',
  tokenUnknown: (p) =>
    `${p.siteName} does not accept this token: it has expired, was revoked, or belongs to another site. Make a new one and sign in with it.`,
  tokenExpired: (p) =>
    `This token for ${p.siteName} expired on ${p.expires.toISOString().slice(0, 10)}. Make a new one and sign in with it.`,
  tokenOfOtherSite: (p) =>
    `This token belongs to ${p.otherSiteName}, not to ${p.siteName}. Nothing was sent; paste one made at ${p.siteName}.`,
  tokenTooShort: (p) =>
    `${lifeOf(p.left, p.siteName, p.wanted)} Make a new one that lasts longer, 90 days for instance.`,
  tokenNotYetKnown: (p) =>
    `${p.siteName} has not yet noticed your new token: parts of it keep older answers for up to five minutes. Your token is fine; wait a little and try again.`,
  scopeMissing: (p) =>
    `Your token for ${p.siteName} does not allow you to ${purposeOf(p.scopes)} (it lacks ${p.scopes.join(', ')}). Make a new one with ${p.scopes.length === 1 ? 'this scope' : 'these scopes'}.`,
  tokenGiven: (p) =>
    `Your token for ${p.siteName} is read from ${p.place} and cannot be renewed from here. Put a new one there; it is read again when it changes.`,
  tokenLifeRefused: (p) =>
    `${p.siteName} does not make a token that ends so soon. Choose a longer life; your old token stays as it is.`,
  scopesNotGranted: (p) =>
    `${p.siteName} does not grant you all that your old token may do (${p.scopes.join(', ')}). Make a new token on its token page with what it offers; the old one stays as it is.`,
  successorUnfit: (p) =>
    `The new token from ${p.siteName} could not do what the old one can, so it was revoked. Your old token stays as it is; make a new one on the token page.`,
  wrongUser: (p) =>
    `This address of ${p.host} belongs to somebody else, or use of it is not granted to you. More scopes would not help; ask the site's support.`,
  signInNotKept: (p) =>
    `${p.host} accepted your token but did not keep the sign-in. Try again; if it goes on, tell the site's support.`,
  refused: (p) => `${p.host} refused the request${inBrackets(p.status)}. See the log for what was asked.`,
  notSignedIn: () => 'You are not signed in to a Rubin Science Platform. Sign in from the Accounts menu.',
  tokenFileMissing: (p) => `The setting rsp.tokenFile names ${p.path}, which does not exist.`,
  tokenFileEmpty: (p) => `The setting rsp.tokenFile names ${p.path}, which is empty. Put a token into it.`,
  tokenFileUnreadable: (p) =>
    `The file ${p.path} could not be read as a token. Check that it is a small text file that you may read.`,
  tokenNowhere: (p) =>
    `The setting rsp.tokenSite names ${p.siteAddress}, but no token lies ready: not in ACCESS_TOKEN, not in NUBLADO_TOKEN, not in a file. Name one by rsp.tokenFile, or sign in from the Accounts menu.`,
  tokenSiteUnnamed: (p) =>
    `A token lies in ${p.place}, but no site is named for it, so it was not sent anywhere. Set rsp.tokenSite to the address of its site, data.lsst.cloud for instance.`,
  tokenSiteOdd: (p) =>
    `The token in ${p.place} is not used: ${p.siteAddress} is not the address of a site. Set rsp.tokenSite to a host such as data.lsst.cloud.`,
  givenTokenShape: (p) =>
    `What lies in ${p.place} is no token of a Rubin Science Platform, which begins with gt- and has 48 characters. Nothing was sent.`,
  givenTokenUnknown: (p) =>
    `The token in ${p.place} is not used: ${p.siteName} does not know it. It has expired, was revoked, or belongs to another site. Put a new one there.`,
  givenTokenUnused: (p) => `The token in ${p.place} is not used. ${sentenceOf(p.because)}`,
  secretStorage: () =>
    'The secret storage of VS Code could not be used, so your sign-in is neither read nor kept. Unlock the keyring of your computer or restart VS Code; nothing was deleted.',
  labNotRunning: (p, lab) => `Your ${lab} on ${p.siteName} is not running. Start it, then go on.`,
  labStarting: (p, lab) => `Your ${lab} on ${p.siteName} is still starting. Go on when it is ready.`,
  serverGone: (p) =>
    `${p.siteName} has no such server any more. Select another kernel, or start a server of that name again.`,
  serverRefused: (p) =>
    `${p.siteName} does not take another server of yours${p.words ? `: ${p.words}` : ''}.`,
  labGone: (p, lab) =>
    `Your ${lab} on ${p.siteName} has ended. Start it again; variables of its kernels are lost, files are not.`,
  labReplaced: (p, lab) =>
    `Your ${lab} on ${p.siteName} was started anew, and its kernels ended with the one before. Restart the kernel of your notebook and run its cells again; variables are lost, files are not.`,
  labAway: (p, lab) =>
    `${p.siteName} cannot reach your ${lab} at the moment, though it has not been stopped. Try again in a minute; if it goes on, restart the ${lab}.`,
  labStopping: (p, lab) => `Your ${lab} on ${p.siteName} is still stopping. Try again in a minute.`,
  sharedKeyForbidden: wordsOf,
  sharedKeyRefused: wordsOf,
  sharedNotAgreed: wordsOf,
  sharedStopped: wordsOf,
  sharedWithdrawn: wordsOf,
  sharedReplaced: wordsOf,
  sharedAway: wordsOf,
  sharedNotYours: wordsOf,
  kernelSlow: (p, lab) =>
    `Your ${lab} on ${p.siteName} did not start a kernel within a minute. Its machine may be overloaded or its disk slow. Run the cell again: a kernel that has come up by then is found.`,
  kernelGone: (p, lab) =>
    `A kernel that you used is gone from your ${lab} on ${p.siteName}: idle for too long, or ended elsewhere. Restart it; variables are lost, files are not.`,
  socketsBlocked: (p) =>
    `${p.host} answers, but the WebSocket that cells need does not open${inBrackets(p.status)}. A proxy or firewall may block it: try another network, or ask those who run it.`,
  kernelMissing: (p, lab) =>
    `Your ${lab} on ${p.siteName} does not have the kernel of this notebook. Select another kernel, or restart the ${lab} as one that has it.`,
  kernelNotStarted: (p, lab) =>
    `Your ${lab} on ${p.siteName} could not start a kernel (status ${p.status}). Its disk or memory may be full, or something in your own environment broken. Try again, or restart the ${lab}.`,
  kernelEnded: (p, lab) =>
    `The kernel of ${p.notebook ?? 'a notebook'} has ended, as a rule because the memory of your ${lab} on ${p.siteName}${memoryOf(p)} was full. The ${lab} runs on. Restart the kernel and run its cells again; variables are lost, files are not. If it ends again, a larger ${lab} helps.`,
  kernelSilent: (p, lab) =>
    `The kernel of ${p.notebook ?? 'a notebook'} has not answered for five minutes, though your ${lab} on ${p.siteName} runs. Either its cell computes without a break, or the kernel has ended, as a rule because the memory of the ${lab}${memoryOf(p)} was full. Wait, or restart it; variables are lost then, files are not.`,
  notebooksUnavailable: (p) =>
    `${p.siteName} says that notebooks are unavailable: your quota leaves no room, or new labs are switched off for now. A lab that runs goes on.`,
  spawnForbidden: (p) =>
    `${p.siteName} does not permit you to start a lab at the moment. Ask the site's support.`,
  quotaTooSmall: (p) => `The chosen size is above your quota on ${p.siteName}. Choose a smaller one.`,
  sizeUnknown: (p) => `${p.siteName} does not offer that size any more. Choose another one.`,
  imageUnknown: (p) => `${p.siteName} does not have that image any more. Choose another one.`,
  imagePullFailed: (p) =>
    `${p.siteName} could not fetch the image of your lab. Choose one that is marked as fast, which is there already.`,
  pullTooSlow: (p) =>
    `${p.siteName} was still fetching the image when the time for the start was over. Choose an image marked as fast, or try again: part of it is there by now.`,
  noRoom: (p) =>
    `${p.siteName} had no machine with room for your lab in time. A smaller size may find one; else try again later.`,
  noSpace: (p) =>
    `The machine on ${p.siteName} that was to run your lab has no disk space left. Try again, which may lead to another machine; if it goes on, tell the site's support.`,
  volumeFailed: (p) =>
    `${p.siteName} could not attach its file systems to your lab. Try again in a few minutes; if it goes on, tell the site's support.`,
  labCrashed: (p) =>
    `Your lab on ${p.siteName} ended as soon as it had started. Something in your own environment may be broken, or the size too small for it.`,
  spawnConflict: (p) =>
    `An earlier start or stop of your lab on ${p.siteName} is not over yet. Wait a minute, then try again.`,
  spawnTimedOut: (p) =>
    `Your lab on ${p.siteName} did not come up within the time the site allows. An image marked as fast to start helps most.`,
  labSilent: (p) =>
    `Your lab on ${p.siteName} started but Jupyter in it does not answer. Often something in your own environment is broken: start it with a reset environment.`,
  spawnCancelled: (p) => `The start of your lab on ${p.siteName} was cancelled.`,
  spawnFailed: (p) =>
    `Your lab on ${p.siteName} failed to start${p.words ? `: ${p.words}` : ''}. Try again or choose another image.`,
  serverFailed: (p) =>
    `Your server on ${p.siteName} failed to start${p.words ? `: ${p.words}` : ''}. Try again, or choose otherwise; if it goes on, ask those who run the hub.`,
  jupyterMissing: () => 'The Jupyter extension is needed to run notebooks. Install it and enable it.',
  unexpected: () => 'Something unexpected went wrong in the extension. See the log, and report it.',
};

function wordsOf({ words }: { readonly words: string }): string {
  return words;
}

function inBrackets(status: number | undefined): string {
  return status === undefined ? '' : ` (status ${status})`;
}

function memoryOf({ memoryGib }: { readonly memoryGib: number | undefined }): string {
  return memoryGib === undefined ? '' : ` (${memoryGib} GiB)`;
}

function lifeOf(left: string | undefined, siteName: string, wanted: string | undefined): string {
  if (left === undefined) return `The life left in your token is too short for ${siteName}.`;
  const wish = wanted === undefined ? 'longer than that' : `at least ${wanted}`;
  return `Your token lasts only ${left} more, and ${siteName} wants ${wish} for this.`;
}

/**
 * The sentence for a person.
 *
 * @param site - in whose words, where any site is meant.
 */
export function sentenceOf(problem: Problem, { kind = 'rsp' }: Partial<OfKind> = {}): string {
  // The table is complete by its type; the compiler cannot follow that key and argument belong together.
  const sentence: (problem: never, labNoun: string) => string = SENTENCES[problem.kind];
  return sentence(problem as never, traitsOf({ kind }).labNoun);
}
