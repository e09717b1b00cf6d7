import { deepEqual, match } from 'node:assert/strict';

import type { Account } from '../../src/domain/accounts/account';
import { atPages } from '../../src/domain/lab/hubPages';
import { describeLife } from '../../src/domain/accounts/tokenLife';
import { Browser } from '../platform/hubs/browser';
import { fillForms } from '../platform/hubs/fillForms';
import { DEFAULTS, HubPerson } from '../platform/hubs/hubPerson';
import { startOAuthProvider, type RunningProvider } from '../platform/hubs/oauthProvider';
import { startPlainHub, type PlainHub } from '../platform/hubs/plainHub';
import { HUB_VERSIONS, hubPython } from '../setup/pythonEnv';

const TIMEOUT_MS = 900_000;
const DAY_S = 86_400;
const NARROW = ['access:servers!user', 'servers!user', 'read:servers!user'];
const never = new AbortController().signal;

/** `npm test -- hubs`; the one of RSP's own line is part of every run. */
for (const version of HUB_VERSIONS) {
  describe(`A person at JupyterHub ${version}`, function () {
    this.timeout(TIMEOUT_MS);
    let python: string;
    let provider: RunningProvider;
    let hub: PlainHub;
    let person: HubPerson;

    before(async () => {
      python = await hubPython(version);
      provider = await startOAuthProvider();
      hub = await startPlainHub({ python, provider, startsLabs: true, namedServers: true });
    });

    after(async () => {
      await hub.stop();
      await provider.stop();
    });

    beforeEach(() => {
      person = new HubPerson();
    });

    afterEach(() => person.leave());

    const enterAs = async (username: string, wish: object = {}): Promise<Account> =>
      person.enterWith(hub.url.href, await hub.tokenOf(username, wish));

    it('is let in with a token that their browser made, of which the end is known', async () => {
      const browser = new Browser(hub.url);
      await browser.signIn(await browser.open('hub/oauth_login'), 'noether');
      const token = await browser.requestToken('noether', { note: 'VS Code', expires_in: 30 * DAY_S });
      const account = await person.enterWith(hub.url.href, token);
      const { username, tokenKey, tokenName, scopes } = account;
      deepEqual(
        [username, tokenName, [...scopes], describeLife(account, Date.now())],
        ['noether', 'VS Code', ['access:servers', 'servers', 'read:servers', 'tokens'], '29 days left'],
      );
      match(tokenKey, /^a\d+@/);
      // What its page has is a button, and nothing to enter.
      const { lab } = person.deskOf(account);
      const takesPassword = await atPages(lab, (pages) => pages.takesPassword(never), never);
      deepEqual(takesPassword, false);
    });

    it('is told that the end of a token is not known, where that may not ask for it', async () => {
      const account = await enterAs('curie', { scopes: NARROW, expiresInSeconds: DAY_S });
      deepEqual(describeLife(account, Date.now()), 'end not known');
    });

    it('has a new token made, and the old one ended', async () => {
      const account = await enterAs('meitner', { expiresInSeconds: DAY_S });
      const renewed = await person.renewal().renew(account, undefined, never);
      const old = await person.enterWith(hub.url.href, account.token.reveal()).then(() => 'let in', String);
      deepEqual(
        [renewed.kind === 'renewed' && renewed.old, describeLife(renewed.account, Date.now())],
        ['revoked', 'does not expire'],
      );
      match(old, /does not accept this token/);
    });

    it('starts their server, runs a cell in it, joins it from another window, and stops it', async () => {
      const account = await enterAs('grace');
      const { lab } = person.deskOf(account);
      await lab.start(DEFAULTS, never);
      const first = await person.runCell(account, 'print(6 * 7)');
      const other = new HubPerson();
      try {
        const same = await other.enterWith(hub.url.href, await hub.tokenOf('grace'));
        const joined = await other.deskOf(same).lab.refresh(never);
        const second = await other.runCell(same, 'print(6 * 8)');
        await lab.stop(never);
        const after = await other.deskOf(same).lab.refresh(never);
        deepEqual([first, joined.kind, second, after.kind], ['42\n', 'running', '48\n', 'none']);
      } finally {
        await other.leave();
      }
    });

    it('is asked here for no password where the login page leads on to the provider by itself', async () => {
      const led = await startPlainHub({ python, provider, autoLogin: true });
      try {
        const browser = new Browser(led.url);
        const page = await browser.open('hub/login');
        await browser.signIn(page, 'lovelace'); // fails unless the way ended at the provider
        const token = await browser.requestToken('lovelace', { note: 'VS Code', expires_in: 30 * DAY_S });
        const account = await person.enterWith(led.url.href, token);
        const { lab } = person.deskOf(account);
        const takesPassword = await atPages(lab, (pages) => pages.takesPassword(never), never);
        const here = await atPages(lab, (pages) => pages.openSpawnPage('', never), never);
        await lab.start(DEFAULTS, never);
        deepEqual(
          [account.username, takesPassword, here.kind, lab.state.kind],
          ['lovelace', false, 'closed', 'running'],
        );
      } finally {
        await led.stop();
      }
    });

    it('is shown the options of forms, and gets what they choose', async () => {
      const forms = await startPlainHub({ python, namedServers: true });
      try {
        deepEqual(
          (await fillForms(forms)).filter(({ wrong }) => wrong !== ''),
          [],
        );
      } finally {
        await forms.stop();
      }
    });
  });
}
