import { deepEqual, equal, match } from 'node:assert/strict';
import { systemClock } from '../../../../src/common/clock';
import { atPages, untilStartedElsewhere } from '../../../../src/domain/lab/hubPages';
import { labPython, oauthPackages } from '../../../setup/pythonEnv';
import { Browser } from '../../hubs/browser';
import { HubPerson } from '../../hubs/hubPerson';
import { startOAuthProvider, type RunningProvider } from '../../hubs/oauthProvider';
import { startPlainHub, type PlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
const never = new AbortController().signal;
const FORM = '<select name="queue"><option>short</option><option>long</option></select>';

/** One whose login page has a button for it is among those of all versions, in a stage of its own. */
describe('A hub that signs people in elsewhere, and leads on there by itself', function () {
  this.timeout(60_000);
  let provider: RunningProvider;
  let hub: PlainHub;
  let browser: Browser;
  let person: HubPerson;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    provider = await startOAuthProvider();
    const pythons = { python: await labPython(), packages: await oauthPackages() };
    hub = await startPlainHub({ ...pythons, provider, autoLogin: true, formHtml: FORM });
  });

  after(async () => {
    await hub.stop();
    await provider.stop();
  });

  beforeEach(() => {
    browser = new Browser(hub.url);
    person = new HubPerson();
  });

  afterEach(() => person.leave());

  const signIn = async (name: string): Promise<void> => {
    await browser.signIn(await browser.open('hub/login'), name);
  };

  it('is entered with the token that a browser makes on its token page', async () => {
    await signIn('noether');
    const token = await browser.requestToken('noether', { note: 'VS Code', expires_in: 86_400 });
    const { username, scopes, tokenName, tokenExpires } = await person.enterWith(hub.url.href, token);
    const leftHours = Math.round(((tokenExpires?.getTime() ?? 0) - Date.now()) / 3_600_000);
    deepEqual(
      [username, [...scopes], tokenName, leftHours],
      ['noether', ['access:servers', 'servers', 'read:servers', 'tokens'], 'VS Code', 24],
    );
    // None of our own requests went the way of the browser.
    deepEqual([...new Set(provider.asked)].sort(), [
      'GET /authorize',
      'GET /userinfo',
      'POST /authorize',
      'POST /token',
    ]);
    equal(
      person.asked().some((each) => /login|authorize|callback/.test(each)),
      false,
    );
  });

  it('asks here for no password, and is left to the browser, whose server is joined when it comes up', async () => {
    await signIn('hopper');
    const account = await person.enterWith(hub.url.href, await browser.requestToken('hopper', {}));
    const { lab } = person.deskOf(account);
    const takesPassword = await atPages(lab, (pages) => pages.takesPassword(never), never);
    const here = await atPages(lab, (pages) => pages.openSpawnPage('', never), never);
    deepEqual([takesPassword, here.kind], [false, 'closed']);
    const joined = untilStartedElsewhere(lab, systemClock, never).then(() => lab.follow(never));
    const page = await browser.submit(await browser.open('hub/spawn'), { queue: 'long' });
    match(page.way.join(), /\/hub\/spawn-pending\/hopper|\/user\/hopper\//);
    await joined;
    deepEqual([lab.state.kind, lab.startedWith], ['running', { queue: ['long'] }]);
  });
});
