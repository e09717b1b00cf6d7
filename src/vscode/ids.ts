/** Every id that `package.json` and the code share; a test compares the two. */
export const COMMANDS = {
  signIn: 'rsp.signIn',
  addScope: 'rsp.addScope',
  signOut: 'rsp.signOut',
  renewToken: 'rsp.renewToken',
  switchAccount: 'rsp.switchAccount',
  forgetEverything: 'rsp.forgetEverything',
  startLab: 'rsp.lab.start',
  startUsualLab: 'rsp.lab.startUsual',
  startLabFromImage: 'rsp.lab.startImage',
  findImage: 'rsp.lab.findImage',
  stopLab: 'rsp.lab.stop',
  restartLab: 'rsp.lab.restart',
  restartLabOther: 'rsp.lab.restartOther',
  restartLabReset: 'rsp.lab.restartReset',
  newServer: 'rsp.server.new',
  removeServer: 'rsp.server.remove',
  joinServer: 'rsp.server.join',
  attachKernel: 'rsp.kernel.attach',
  interruptKernel: 'rsp.kernel.interrupt',
  restartKernel: 'rsp.kernel.restart',
  shutDownKernel: 'rsp.kernel.shutDown',
  openPage: 'rsp.openPage',
  copyAddress: 'rsp.copyAddress',
  keepLabBusy: 'rsp.lab.keepBusy',
  letLabRest: 'rsp.lab.letRest',
  showLabActions: 'rsp.lab.actions',
  showEvents: 'rsp.lab.showEvents',
  selectKernel: 'rsp.selectKernel',
  showUnresolvedImports: 'rsp.showUnresolvedImports',
  refresh: 'rsp.refresh',
  copyValue: 'rsp.copyValue',
  openTokenPage: 'rsp.openTokenPage',
  openPortal: 'rsp.openPortal',
  openInBrowser: 'rsp.openInBrowser',
  diagnose: 'rsp.diagnose',
  openSupport: 'rsp.openSupport',
  showLog: 'rsp.showLog',
} as const;

/** By other words for what plain hubs have: the editor knows one title for a command. Each does what its twin does. */
export const SERVER_COMMANDS: ReadonlyMap<string, string> = new Map(
  ['start', 'startUsual', 'stop', 'restart', 'restartOther', 'keepBusy', 'actions'].map((deed) => [
    `rsp.server.${deed}`,
    `rsp.lab.${deed}`,
  ]),
);

export const VIEW = 'rsp.accounts';
export const AUTH_PROVIDER = 'rsp';
export const COLLECTION = 'rsp';
/** Of documents that are read here and kept nowhere. */
export const DOCUMENT_SCHEME = 'rsp-events';
export const PRODUCT_NAME = 'Rubin Science Platform';

export const SETTINGS = {
  startLab: 'rsp.startLab',
  workingDirectory: 'rsp.workingDirectory',
  endSessions: 'rsp.endSessionsOfClosedNotebooks',
  labLimits: 'rsp.labLimits',
  labWarningHours: 'rsp.labWarningHours',
  tokenFile: 'rsp.tokenFile',
  tokenSite: 'rsp.tokenSite',
  tokenWarningDays: 'rsp.tokenWarningDays',
} as const;

/** What `when` and `enablement` clauses may ask for. */
export const CONTEXT = {
  signedIn: 'rsp.signedIn',
  /** How the lab stands of the account that commands are for here. */
  lab: 'rsp.lab',
  /** Whether that account is at a plain hub, where labs are called servers and some things are absent. */
  atHub: 'rsp.atHub',
  /** What can be done with the lab of at least one account. */
  mayStartLab: 'rsp.mayStartLab',
  mayStopLab: 'rsp.mayStopLab',
  mayRestartLab: 'rsp.mayRestartLab',
  /** Whether any lab is kept busy from this window. */
  keptBusy: 'rsp.keptBusy',
  /** Whether any account has started a lab from here before. */
  hasUsualLab: 'rsp.hasUsualLab',
  /** Whether any account may have servers with names, and whether there is one. */
  mayNameServers: 'rsp.mayNameServers',
  hasNamedServers: 'rsp.hasNamedServers',
  /** Nothing is known of any account, because no site can be reached. */
  unreachable: 'rsp.unreachable',
  /** What is wrong with a token that ought to lie ready: its file, its site, or the token itself. */
  givenTrouble: 'rsp.givenTrouble',
  jupyterMissing: 'rsp.jupyterMissing',
} as const;
