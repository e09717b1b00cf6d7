/** Every id that `package.json` and the code share; a test compares the two. */
export const COMMANDS = {
  signIn: 'rsp.signIn',
  addScope: 'rsp.addScope',
  signOut: 'rsp.signOut',
  renewToken: 'rsp.renewToken',
  switchAccount: 'rsp.switchAccount',
  forgetEverything: 'rsp.forgetEverything',
  startLab: 'rsp.lab.start',
  startLabFromImage: 'rsp.lab.startImage',
  stopLab: 'rsp.lab.stop',
  restartLab: 'rsp.lab.restart',
  restartLabOther: 'rsp.lab.restartOther',
  restartLabReset: 'rsp.lab.restartReset',
  interruptKernel: 'rsp.kernel.interrupt',
  restartKernel: 'rsp.kernel.restart',
  shutDownKernel: 'rsp.kernel.shutDown',
  openPage: 'rsp.openPage',
  copyAddress: 'rsp.copyAddress',
  showLabActions: 'rsp.lab.actions',
  showEvents: 'rsp.lab.showEvents',
  selectKernel: 'rsp.selectKernel',
  refresh: 'rsp.refresh',
  copyValue: 'rsp.copyValue',
  openTokenPage: 'rsp.openTokenPage',
  openInBrowser: 'rsp.openInBrowser',
  diagnose: 'rsp.diagnose',
  openSupport: 'rsp.openSupport',
  showLog: 'rsp.showLog',
} as const;

export const VIEW = 'rsp.accounts';
export const AUTH_PROVIDER = 'rsp';
export const COLLECTION = 'rsp';
export const PRODUCT_NAME = 'Rubin Science Platform';

export const SETTINGS = {
  startLab: 'rsp.startLab',
  labLimits: 'rsp.labLimits',
  tokenFile: 'rsp.tokenFile',
  tokenSite: 'rsp.tokenSite',
  tokenWarningDays: 'rsp.tokenWarningDays',
} as const;

export const CONTEXT = {
  signedIn: 'rsp.signedIn',
} as const;
