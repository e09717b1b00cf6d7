import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { SignIn, type SiteTokens } from '../../src/domain/accounts/signIn';
import { ClipboardOffer } from '../../src/vscode/auth/clipboardOffer';
import { SignInFlow } from '../../src/vscode/auth/signInFlow';
import { accountsOn } from '../fakes/accounts';
import { settle } from '../fakes/deferred';
import { FakeRsp } from '../fakes/fakeRsp';
import { TOKEN, sampleAccount, sampleSite } from '../fakes/samples';
import { Dialogs } from './dialogs';

describe('The sign-in', () => {
  let rsp: FakeRsp;
  let accounts: Accounts;
  let flow: SignInFlow;
  let dialogs: Dialogs;
  let tokens: SiteTokens;

  beforeEach(async () => {
    rsp = await FakeRsp.start();
    accounts = accountsOn();
    const protocol = rsp.protocol();
    const signIn = new SignIn(() => Promise.resolve(protocol), accounts, silentLog);
    flow = new SignInFlow(signIn, accounts);
    tokens = await signIn.tokensOf(sampleSite());
    dialogs = new Dialogs();
  });

  afterEach(async () => {
    dialogs.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  const known = (changes: Partial<Account> = {}): Account =>
    sampleAccount({
      site: { ...sampleSite(rsp.baseUrl.origin), gafaelfawrUrl: rsp.gafaelfawrUrl },
      username: rsp.username,
      token: new Secret(rsp.token),
      ...changes,
    });

  it('leads to a token page that is filled in, in both spellings, and on to the account, with one paste', async () => {
    await accounts.load();
    const signingIn = flow.run();
    const sites = await dialogs.next();
    sites.type(rsp.baseUrl.origin);
    sites.accept(rsp.baseUrl.origin);
    const paste = await dialogs.next();
    paste.type(rsp.token);
    const consent = await dialogs.next();
    const before = accounts.current;
    consent.accept('Sign in as Vera Rubin (vrubin)');
    const account = await signingIn;
    const [page] = dialogs.opened;
    assert.deepEqual(
      [
        before,
        account?.id,
        accounts.current.map(({ id }) => id),
        paste.password,
        page?.pathname,
        page?.searchParams.get('scopes'),
        page?.searchParams.getAll('scope'),
        page?.searchParams.get('expiration'),
      ],
      [
        [],
        `${rsp.baseUrl.host}#vrubin`,
        [`${rsp.baseUrl.host}#vrubin`],
        true,
        '/settings/tokens/new',
        'exec:notebook,read:tap,read:image',
        ['exec:notebook', 'read:tap', 'read:image'],
        '90d',
      ],
    );
  });

  it('shows the address where no browser opens, and copies it', async () => {
    dialogs.canOpen = false;
    const signingIn = flow.run({ site: known().site });
    const way = await dialogs.next();
    way.accept('Open the token page');
    const paste = await dialogs.next();
    const address = new URL('/settings/tokens/new', rsp.baseUrl).href;
    paste.press(/^Copy the page's address/);
    await settle();
    paste.leave();
    assert.deepEqual(
      [
        paste.prompt.includes(`open ${address} in any browser`),
        dialogs.clipboard.startsWith(`${address}?name=`),
        await signingIn,
      ],
      [true, true, undefined],
    );
  });

  it('takes a token that is pasted where it is not asked for yet', async () => {
    const signingIn = flow.run({ site: known().site });
    (await dialogs.next()).type(rsp.token);
    await dialogs.next(); // it is checked there, masked
    (await dialogs.next()).accept('Sign in as Vera Rubin (vrubin)');
    assert.equal((await signingIn)?.username, 'vrubin');
  });

  it('is one dialog for everybody who asks, and all of them get its outcome', async () => {
    const first = flow.run({ site: known().site });
    const way = await dialogs.next();
    const second = flow.run();
    way.type(rsp.token);
    await dialogs.next();
    (await dialogs.next()).accept('Sign in as Vera Rubin (vrubin)');
    assert.deepEqual([way.shown, await first, dialogs.seen.length], [2, await second, 3]);
  });

  it('renews a token without asking for the site, with the old scopes and the new one on the page', async () => {
    await accounts.save(known({ scopes: ['exec:notebook', 'exec:portal'] }));
    const [account] = accounts.current;
    const signingIn = flow.run({ account, scopes: ['user:token'] });
    (await dialogs.next()).accept('Open the token page');
    const paste = await dialogs.next();
    paste.type(rsp.token);
    const consent = await dialogs.next();
    const { placeholder } = consent;
    consent.leave();
    assert.deepEqual(
      [dialogs.opened[0]?.searchParams.get('scopes'), placeholder, await signingIn],
      [
        'exec:notebook,exec:portal,user:token,read:tap,read:image',
        'This token does not allow you to renew and revoke tokens from here',
        undefined,
      ],
    );
  });

  it('offers the token on the clipboard only to who went to the page and came back, and takes it on Enter', async () => {
    dialogs.clipboard = TOKEN;
    const offer = new ClipboardOffer(() => false, tokens);
    const input = vscode.window.createInputBox();
    const attached = offer.attach(input, () => undefined);
    dialogs.focus();
    await settle();
    const before = [dialogs.clipboardReads, offer.token];
    offer.arm();
    dialogs.focus();
    await settle();
    const message = input.validationMessage;
    const after = [dialogs.clipboardReads, offer.token?.equals(new Secret(TOKEN))];
    attached.dispose();
    assert.deepEqual(
      [before, after, typeof message === 'object' ? message.message : message, offer.token],
      [
        [0, undefined],
        [1, true],
        'The clipboard holds the token gt-abcdefghijklmnopqrstuv. Press Enter to use it.',
        undefined,
      ],
    );
  });

  it('offers nothing from the clipboard that is no token, or one that is in use already', async () => {
    const offered: unknown[] = [];
    for (const [clipboard, isKnown] of [
      ['a secret of somebody', false],
      [TOKEN, true],
    ] as const) {
      dialogs.clipboard = clipboard;
      const offer = new ClipboardOffer(() => isKnown, tokens);
      const input = vscode.window.createInputBox();
      const attached = offer.attach(input, () => undefined);
      offer.arm();
      dialogs.focus();
      await settle();
      offered.push(offer.token, input.validationMessage);
      attached.dispose();
    }
    assert.deepEqual(offered, [undefined, undefined, undefined, undefined]);
  });
});
