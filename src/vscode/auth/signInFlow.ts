import * as vscode from 'vscode';
import type { Account, CheckedToken } from '../../domain/accounts/account';
import { accountId } from '../../domain/accounts/account';
import type { Accounts } from '../../domain/accounts/accounts';
import { toConsent, wishedScopes, type ConsentChoice, type SignInWish } from '../../domain/accounts/consent';
import type { SignIn, SiteTokens } from '../../domain/accounts/signIn';
import { isAbort, toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import type { Site } from '../../domain/sites/site';
import { PRODUCT_NAME } from '../ids';
import { enter, pick, type Answer } from '../quickInput';
import { ClipboardOffer } from './clipboardOffer';
import { askSite } from './siteStep';
import { openPage, tokenName } from './tokenPage';

interface WayItem extends vscode.QuickPickItem {
  readonly does: 'open' | 'copy' | 'paste';
  /** A token that was pasted right here. */
  readonly pasted?: string;
}

interface Way {
  readonly page: URL;
  /** Whether the page is open in a browser; undefined when nobody wanted it. */
  readonly isOpen: boolean | undefined;
  /** Whether the person has used one of our ways to the page, after which the clipboard is looked at. */
  readonly wentTo: boolean;
}

/** A site that somebody signs in to, and how its tokens are come by. */
interface Place {
  readonly site: Site;
  readonly tokens: SiteTokens;
  readonly words: ReturnType<SiteTokens['words']>;
  readonly scopes: readonly string[];
  /** Where tokens are made; undefined where the site has no page for it. */
  readonly page: URL | undefined;
}

interface ConsentItem extends vscode.QuickPickItem {
  /** Undefined for a row that only tells something. */
  readonly does: ConsentChoice['does'] | undefined;
}

const TITLE = `Sign In to the ${PRODUCT_NAME}`;
const STEPS = 3;
const COMES_BACK = 'A token on the clipboard is offered when you come back';
const OPEN_PAGE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('link-external'),
  tooltip: `Open the token page. ${COMES_BACK}`,
};
const COPY_ADDRESS: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('copy'),
  tooltip: `Copy the page's address. ${COMES_BACK}`,
};

/** Leads a person from a site over its token page to an account, with Back at each step. One dialog at a time. */
export class SignInFlow {
  readonly #signIn: SignIn;
  readonly #accounts: Accounts;
  #running: Promise<Account | undefined> | undefined;
  #front: vscode.QuickInput | undefined;

  constructor(signIn: SignIn, accounts: Accounts) {
    this.#signIn = signIn;
    this.#accounts = accounts;
  }

  /**
   * Signs somebody in, or renews the token of `wish.account`. Whoever asks while a dialog is open gets that one to the
   * front, and its outcome.
   *
   * @returns undefined when the person left.
   */
  async run(wish: SignInWish = {}): Promise<Account | undefined> {
    if (this.#running) this.#front?.show();
    this.#running ??= this.#lead(wish).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #lead(wish: SignInWish): Promise<Account | undefined> {
    const given = wish.account?.site ?? wish.site;
    for (;;) {
      const site = given ?? (await this.#askSite());
      if (!site) return undefined;
      const outcome = await this.#atSite(site, wish, given === undefined);
      if (outcome !== 'back') return outcome;
    }
  }

  async #askSite(): Promise<Site | undefined> {
    const recent = [...new Set(this.#accounts.current.map(({ site }) => site.host))];
    const answer = await askSite(this.#signIn, recent, { title: TITLE, totalSteps: STEPS }, this.#onOpen);
    return answer.kind === 'chosen' ? answer.value : undefined;
  }

  /** @param isFresh - the site has just been chosen, which leads on to its token page. */
  async #atSite(site: Site, wish: SignInWish, isFresh: boolean): Promise<Account | undefined | 'back'> {
    const tokens = await this.#signIn.tokensOf(site);
    const scopes = wishedScopes(site, wish);
    const page = tokens.tokenPage(tokenName(), scopes);
    const place: Place = { site, tokens, words: tokens.words(scopes), scopes, page };
    for (let isFirst = isFresh; ; isFirst = false) {
      const token = isFirst ? await this.#openAndAsk(place) : await this.#askToken(place, wish, isFresh);
      if (token.kind !== 'chosen') return token.kind === 'back' ? 'back' : undefined;
      const consent = await this.#askConsent(place, token.value, wish);
      if (consent.kind === 'left') return undefined;
      if (consent.kind === 'chosen' && consent.value.does === 'accept') return this.#signIn.save(token.value);
    }
  }

  /** The editor asks before it opens a page, so there is a way past it for whoever has a token already. */
  async #openAndAsk(place: Place): Promise<Answer<CheckedToken>> {
    const { page } = place;
    const isOpen = page && (await openPage(page));
    return this.#askPaste(place, page && { page, isOpen, wentTo: isOpen === true }, true);
  }

  /** How to come by a token, then the token itself. */
  async #askToken(place: Place, wish: SignInWish, canGoBack: boolean): Promise<Answer<CheckedToken>> {
    const { page } = place;
    if (!page) return this.#askPaste(place, undefined, canGoBack);
    for (;;) {
      const way = await this.#askWay(place, wish, canGoBack);
      if (way.kind !== 'chosen') return way;
      const { does, pasted } = way.value;
      if (does === 'copy') await vscode.env.clipboard.writeText(page.href);
      const isOpen = does === 'open' ? await openPage(page) : does === 'copy' ? false : undefined;
      const how = { page, isOpen, wentTo: isOpen === true || does === 'copy' };
      const token = await this.#askPaste(place, how, true, pasted);
      if (token.kind !== 'back') return token;
    }
  }

  #askWay({ site, words, tokens }: Place, wish: SignInWish, canGoBack: boolean): Promise<Answer<WayItem>> {
    return pick<WayItem>({
      title: titleOf(words.title, site),
      placeholder: wish.account
        ? `A new token for ${wish.account.username}: make one, or paste one that you have`
        : 'Make a token at the site, or paste one that you have',
      step: 2,
      totalSteps: STEPS,
      canGoBack,
      items: [
        {
          does: 'open',
          label: '$(link-external) Open the token page',
          description: site.host,
          detail: `${words.page} ${COMES_BACK}.`,
        },
        {
          does: 'copy',
          label: "$(copy) Copy the page's address",
          detail: `For a browser elsewhere. ${COMES_BACK}.`,
        },
        {
          does: 'paste',
          label: '$(key) Paste a token that you have',
          detail: words.own,
        },
      ],
      takes: (value) =>
        tokens.isPlainlyToken(value) ? { does: 'paste', label: '', pasted: value } : undefined,
      onOpen: this.#onOpen,
    });
  }

  #askPaste(
    place: Place,
    how: Way | undefined,
    canGoBack: boolean,
    pasted = '',
  ): Promise<Answer<CheckedToken>> {
    const { site, words, tokens } = place;
    const clipboard = new ClipboardOffer(
      (token) => this.#accounts.current.some((account) => account.token.equals(token)),
      tokens,
    );
    if (how?.wentTo === true) clipboard.arm();
    const page = how?.page;
    const shown: { input?: vscode.InputBox } = {};
    const open = async (url: URL): Promise<void> => {
      clipboard.arm();
      const isOpen = await openPage(url);
      if (shown.input) shown.input.prompt = promptFor(place, isOpen, url);
    };
    const copy = async (url: URL): Promise<void> => {
      clipboard.arm();
      await vscode.env.clipboard.writeText(url.href);
    };
    return enter<CheckedToken>({
      title: titleOf(words.title, site),
      prompt: promptFor(place, how?.isOpen, page),
      placeholder: words.placeholder,
      isSecret: true,
      step: 2,
      totalSteps: STEPS,
      canGoBack,
      buttons: page
        ? [
            { button: OPEN_PAGE, press: () => void open(page) },
            { button: COPY_ADDRESS, press: () => void copy(page) },
          ]
        : [],
      isWhole: (value) => tokens.isPlainlyToken(value),
      onOpen: (input, accept) => {
        shown.input = input;
        const offer = clipboard.attach(input, accept);
        const front = this.#onOpen(input);
        if (pasted) {
          input.value = pasted;
          accept();
        }
        return vscode.Disposable.from(offer, front);
      },
      check: async (value, signal) => {
        try {
          const entered = value === '' ? (clipboard.token ?? value) : value;
          return { value: await this.#signIn.check(site, entered, signal) };
        } catch (error) {
          if (isAbort(error)) return { sentence: '' };
          return { sentence: sentenceOf(toProblem(error, site)) };
        }
      },
    });
  }

  #askConsent({ words }: Place, checked: CheckedToken, wish: SignInWish): Promise<Answer<ConsentItem>> {
    const { site, userInfo } = checked;
    const known = this.#accounts.find(accountId(site, userInfo.username));
    const { question, choices, facts } = toConsent(checked, wish, known, Date.now());
    const items: readonly ConsentItem[] = [
      ...choices.map(({ does, label, detail }) => ({
        does,
        label: `$(${does === 'accept' ? 'account' : 'arrow-left'}) ${label}`,
        description: does === 'accept' ? site.host : '',
        detail,
      })),
      { does: undefined, label: 'This token', kind: vscode.QuickPickItemKind.Separator },
      ...facts.map(({ icon, label, detail }) => ({
        does: undefined,
        label: `$(${icon}) ${label}`,
        description: detail,
      })),
    ];
    return pick<ConsentItem>({
      title: titleOf(words.title, site),
      placeholder: question,
      step: 3,
      totalSteps: STEPS,
      canGoBack: true,
      items,
      stay: ({ does }) => (does === undefined ? items : undefined),
      onOpen: this.#onOpen,
    });
  }

  /** Remembers which input is open, to bring it to the front for whoever asks next. */
  readonly #onOpen = (input: vscode.QuickInput): vscode.Disposable => {
    this.#front = input;
    return new vscode.Disposable(() => {
      if (this.#front === input) this.#front = undefined;
    });
  };
}

function titleOf(what: string, site: Site): string {
  return `Sign In to ${what}: ${site.name}`;
}

/** @param isOpen - whether the page is open in a browser; undefined when nobody wanted it. */
function promptFor(
  { site, words, scopes }: Place,
  isOpen: boolean | undefined,
  page: URL | undefined,
): string {
  if (!page) return `Make a token at ${site.name} with the scopes ${scopes.join(', ')}, and paste it here`;
  if (isOpen === undefined) return 'Paste the token here. It is checked at once';
  if (isOpen) return `${words.create} It is offered here when you come back; or paste it`;
  // The short address can be typed; what the long one fills in is said beside it.
  return `Paste the token here. To make one, open ${page.origin}${page.pathname} in any browser and ${words.choose}`;
}
