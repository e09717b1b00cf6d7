import type { EntryId } from './entries';

export interface Claim {
  /** What it takes a part in proving. */
  readonly of: readonly EntryId[];
  readonly says: string;
}

/** What the extension claims to do about it; each is a test of this title, or counts as not met. */
export const CLAIMS = {
  pastedToken: {
    of: ['trap 2'],
    says: 'signing in takes a token and asks neither a sign-in page nor OpenID Connect',
  },
  signInPage: {
    of: ['trap 3', 'fault 1'],
    says: 'a redirect to the sign-in page is a token that is not accepted, and the page is not visited',
  },
  revokedToken: {
    of: ['fault 1', 'trap 18'],
    says: 'a token that was revoked in the middle of the day is given up, and another goes on',
  },
  rememberedToken: {
    of: ['trap 18'],
    says: 'a token works on for as long as the ingress remembers it, and is given up by the first route that asks anew',
  },
  rememberedRefusal: {
    of: ['trap 18'],
    says: 'a token that the memory of the ingress alone refuses is kept, waited for, and let in when that has passed',
  },
  namedScope: {
    of: ['fault 2', 'trap 13'],
    says: 'a missing scope is named from the challenge, whatever page comes with it',
  },
  shortToken: {
    of: ['trap 4', 'fault 3'],
    says: 'a token too short for the spawn page is called that, and known to be too short before a start',
  },
  formOfImages: {
    of: ['trap 6', 'trap 7'],
    says: "images and sizes come from the form, and no route is asked that is not the person's",
  },
  unavailableForm: { of: ['trap 6', 'fault 4'], says: 'a form that is unavailable offers no lab' },
  noNewLabs: {
    of: ['fault 4'],
    says: 'new labs that are switched off for somebody are known before a start, and refused by their name after it',
  },
  units: {
    of: ['trap 16'],
    says: 'quota, lab and token are told in the same units, whatever each service counts in',
  },
  missingQuota: { of: ['trap 17'], says: 'no quota, an empty one and a quota of none are three things' },
  rateLimit: { of: ['fault 14', 'trap 13'], says: 'too many requests are told with the time to wait' },
  maintenance: {
    of: ['fault 17'],
    says: 'pages of NGINX in place of answers are a problem of the site, and no sign-in is given up for them',
  },
  webdav: {
    of: ['trap 19'],
    says: 'files over WebDAV are told as what a site may have, and nobody looks for them uninvited',
  },
  tokenPage: {
    of: ['trap 20'],
    says: 'the token page comes up with the scopes wished for, whichever spelling it reads',
  },
  otherPerson: {
    of: ['trap 23', 'fault 12'],
    says: "another person's lab is not advised to be reached with more scopes",
  },
  otherAddress: {
    of: ['trap 8', 'trap 9', 'fault 12'],
    says: "an address that is not the person's own lab is never sent anything",
  },
  foreignRedirect: {
    of: ['trap 9'],
    says: 'a redirect to a foreign host is a failure of its own, and no token goes there',
  },
  wayIn: {
    of: ['trap 1', 'trap 8', 'trap 9', 'trap 10'],
    says: 'hub and lab are entered with the token on each hop, pages as navigations and all else from the same origin',
  },
  nothingLogged: {
    of: ['trap 1'],
    says: 'whatever goes wrong, no token, cookie or XSRF value that was on the wire is in a line of the log',
  },
  oneHost: { of: ['trap 8'], says: 'a hub that tells paths instead of hosts is understood' },
  startToReady: {
    of: ['trap 15', 'trap 7'],
    says: 'a start whose streams break is followed until the hub says ready, through routes that are open to people',
  },
  startTwice: { of: ['trap 15'], says: 'two windows that start a lab at once get the same one' },
  slowStop: {
    of: ['trap 15', 'fault 9'],
    says: 'a lab that still stops is waited for, and started when it is gone',
  },
  orphan: { of: ['fault 8'], says: 'a lab that the hub forgot is replaced, which is told and is no failure' },
  quota: {
    of: ['fault 5', 'trap 13'],
    says: "sizes above the quota are not offered, and the controller's refusal is found within the hub's words",
  },
  timeOut: {
    of: ['fault 6'],
    says: 'a start that takes too long keeps its events and names an image that is there already as the way on',
  },
  silentLab: { of: ['fault 7'], says: 'a lab in which Jupyter does not answer offers a reset environment' },
  busyHub: { of: ['fault 13'], says: 'a busy hub is asked again after the time that it names' },
  hubAway: {
    of: ['fault 13'],
    says: 'a hub that is away for a moment is waited for by who waits themselves',
  },
  labsToken: {
    of: ['trap 5'],
    says: 'a lab may do what the token that started it may, and a token for labs is wished for with their scopes',
  },
  fullDisk: { of: ['fault 15'], says: 'a lab that came up without its home says so' },
  consoleSession: {
    of: ['trap 12'],
    says: 'a notebook gets a console session and a socket that speaks v1, and runs code',
  },
  oldFraming: {
    of: ['trap 12'],
    says: 'a lab that speaks no v1 is spoken to in the way of before, in text and with binary buffers',
  },
  samePath: { of: ['trap 22'], says: 'a notebook finds its session again, and another one gets its own' },
  staleXsrf: {
    of: ['trap 11', 'fault 16'],
    says: 'XSRF values that changed cost one new sign-in for all who wait, and nothing is done twice',
  },
  staleCookies: {
    of: ['fault 11', 'trap 11'],
    says: 'cookies that nobody knows any more cost one new sign-in from an empty jar for all who wait',
  },
  otherSession: {
    of: ['trap 11', 'fault 16'],
    says: 'a session id that changed is followed by a new sign-in',
  },
  staleSocket: {
    of: ['trap 11', 'fault 16'],
    says: 'a socket that opens anew after the XSRF values alone have changed leads back to kernel and variables without a click',
  },
  cutSocket: {
    of: ['trap 21'],
    says: 'a socket that is cut while a cell runs comes back to the same kernel, and the cell runs once',
  },
  cutOffCell: {
    of: ['trap 21'],
    says: 'a cell that ends while its connection is cut ends in the notebook, too, as one whose outcome is not known',
  },
  idleSocket: {
    of: ['trap 21'],
    says: 'a socket outlives a proxy that cuts idle ones while its kernel works',
  },
  gateways: {
    of: ['fault 13', 'fault 17'],
    says: 'a notebook comes back to its kernel through errors of NGINX and restarts of hub and proxy',
  },
  lostRoute: {
    of: ['fault 13'],
    says: 'a lab to which the proxy has lost the way is not taken for gone',
  },
  idleNotebook: {
    of: ['trap 24'],
    says: 'a notebook that nobody uses asks its lab for nothing after an hour, whatever its client polls, until it is used',
  },
  quietLook: { of: ['trap 24'], says: 'looking at a lab time and again asks the hub and not the lab' },
  deadKernel: {
    of: ['fault 10'],
    says: 'a kernel that ended alone, without a word of its lab, is told once with a way on, its cell ends, and lab and other kernels go on',
  },
  restartedKernel: {
    of: ['fault 10'],
    says: 'a kernel that ended alone and was started anew by its lab ends its cell by the word of the lab, and nothing else is told',
  },
  longCell: {
    of: ['fault 10'],
    says: 'a kernel that only computes is not taken for ended, even while nothing in it can answer',
  },
  goneKernel: {
    of: ['fault 10'],
    says: 'a kernel that was ended elsewhere is told when it is missed, and one that was ended here is not',
  },
  labLost: {
    of: ['fault 10'],
    says: 'a lab that is lost is told once, when the hub knows, with what is lost and a way on',
  },
  labStopped: { of: ['fault 10'], says: 'a lab that was stopped in the web page is told like a lost one' },
  labReplaced: {
    of: ['fault 11'],
    says: 'a lab that was restarted elsewhere is entered anew, and told once to who had kernels in the one before',
  },
  ownStop: { of: ['fault 10'], says: 'a lab that was stopped from this window is told to nobody' },
  signOut: {
    of: ['trap 14'],
    says: 'a sign-out leaves the lab running, and never visits the page of the hub for it',
  },
  noSpawnPage: { of: ['trap 25'], says: 'nothing that only looks loads the page that starts a lab' },
  optionsVerbatim: {
    of: ['trap 25'],
    says: 'options of a form whose values are JSON texts are sent as they are, in a list',
  },
} as const satisfies Readonly<Record<string, Claim>>;

export type ClaimName = keyof typeof CLAIMS;

/** The title of the test that proves a claim. */
export function claim(name: ClaimName): string {
  const { of, says } = CLAIMS[name];
  return `[${of.join(', ')}] ${says}`;
}

/** What all titles of such tests have in common, and no other title. */
export const CLAIM_PATTERN = '\\[(trap|fault) \\d+[^\\]]*\\] ';
