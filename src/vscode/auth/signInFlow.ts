import * as vscode from 'vscode';
import type { Account, CheckedToken } from '../../domain/accounts/account';
import { RECOMMENDED_SCOPES } from '../../domain/accounts/scopes';
import { KNOWN_SITES } from '../../domain/sites/knownSites';
import { isAbort, toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import type { SignIn } from '../../domain/accounts/signIn';
import { newTokenPage, type Site } from '../../domain/sites/site';
import { describeLife } from '../../domain/accounts/tokenLife';
import { PRODUCT_NAME } from '../ids';
import { enter, pick, type Answer } from '../quickInput';

interface SiteItem extends vscode.QuickPickItem {
  /** Undefined for the row that asks for another address. */
  readonly address: string | undefined;
}

const TITLE = `Sign In to the ${PRODUCT_NAME}`;
const STEPS = 3;
const OPEN_PAGE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('link-external'),
  tooltip: 'Open the page of the site that makes a token',
};

/** Leads a person from a site over its token page to an account, with Back at each step. */
export class SignInFlow {
  readonly #signIn: SignIn;
  readonly #recentHosts: () => readonly string[];

  /** @param recentHosts - sites used before, which are offered first. */
  constructor(signIn: SignIn, recentHosts: () => readonly string[]) {
    this.#signIn = signIn;
    this.#recentHosts = recentHosts;
  }

  /**
   * @param site - skips the first step, when the site is known already.
   * @returns undefined when the person left.
   */
  async run(site?: Site): Promise<Account | undefined> {
    let chosen = site;
    for (;;) {
      if (!chosen) {
        const answer = await this.#askSite();
        if (answer.kind !== 'chosen') return undefined;
        chosen = answer.value;
      }
      const checked = await this.#askToken(chosen);
      if (checked.kind === 'left') return undefined;
      if (checked.kind === 'chosen') {
        const consent = await this.#askConsent(checked.value);
        if (consent.kind === 'left') return undefined;
        if (consent.kind === 'chosen') return this.#signIn.save(checked.value);
      } else {
        chosen = undefined;
      }
    }
  }

  async #askSite(): Promise<Answer<Site>> {
    for (;;) {
      const answer = await this.#pickAddress();
      if (answer.kind !== 'chosen') return answer;
      const { address } = answer.value;
      if (address === undefined) {
        const entered = await this.#enterAddress('');
        if (entered.kind !== 'back') return entered;
        continue;
      }
      const found = await this.#find(address);
      if ('value' in found) return { kind: 'chosen', value: found.value };
      const corrected = await this.#enterAddress(address, found.sentence);
      if (corrected.kind !== 'back') return corrected;
    }
  }

  #pickAddress(): Promise<Answer<SiteItem>> {
    const recent = this.#recentHosts();
    const known = KNOWN_SITES.filter(({ host }) => !recent.includes(host));
    return pick<SiteItem>({
      title: TITLE,
      placeholder: 'Choose your site, or type its address',
      step: 1,
      totalSteps: STEPS,
      items: [
        ...recent.map((host) => ({ label: host, description: 'used before', address: host })),
        ...known.map(({ name, host }) => ({ label: name, description: host, address: host })),
        { label: '$(edit) Another site…', alwaysShow: true, address: undefined },
      ],
      itemsFor: (value) =>
        /[.:/]|^localhost/.test(value)
          ? [{ label: `$(globe) ${value.trim()}`, alwaysShow: true, address: value }]
          : [],
    });
  }

  #enterAddress(address: string, sentence?: string): Promise<Answer<Site>> {
    return enter<Site>({
      title: TITLE,
      prompt: sentence ?? 'Address of the site: a host, or the address of any of its pages',
      placeholder: address || 'data.lsst.cloud',
      step: 1,
      totalSteps: STEPS,
      canGoBack: true,
      check: (value, signal) => this.#find(value || address, signal),
    });
  }

  async #find(
    address: string,
    signal?: AbortSignal,
  ): Promise<{ readonly value: Site } | { readonly sentence: string }> {
    const find = (until: AbortSignal): Promise<Site> => this.#signIn.findSite(address, until);
    try {
      if (signal) return { value: await find(signal) };
      const progress = { location: vscode.ProgressLocation.Window, title: `Looking for ${address}` };
      return { value: await vscode.window.withProgress(progress, () => find(new AbortController().signal)) };
    } catch (error) {
      if (isAbort(error)) return { sentence: '' };
      return { sentence: sentenceOf(toProblem(error, { host: address, name: address })) };
    }
  }

  #askToken(site: Site): Promise<Answer<CheckedToken>> {
    const page = newTokenPage(site, tokenName(), RECOMMENDED_SCOPES);
    const buttons = page ? [{ button: OPEN_PAGE, press: () => void openExternal(page) }] : [];
    return enter<CheckedToken>({
      title: `${TITLE}: ${site.name}`,
      prompt: page
        ? 'Make a token with the button above (scopes exec:notebook, read:tap, read:image), copy it, and paste it here. It is kept in the secret storage of VS Code.'
        : 'Paste a token of this site with the scope exec:notebook. It is kept in the secret storage of VS Code.',
      placeholder: 'gt-…',
      isSecret: true,
      step: 2,
      totalSteps: STEPS,
      canGoBack: true,
      buttons,
      check: async (value, signal) => {
        try {
          return { value: await this.#signIn.check(site, value, signal) };
        } catch (error) {
          if (isAbort(error)) return { sentence: '' };
          return { sentence: sentenceOf(toProblem(error, site)) };
        }
      },
    });
  }

  #askConsent(checked: CheckedToken): Promise<Answer<vscode.QuickPickItem>> {
    const { site, tokenInfo, userInfo } = checked;
    const name = userInfo.name ? `${userInfo.name} (${userInfo.username})` : userInfo.username;
    return pick({
      title: `${TITLE}: ${site.name}`,
      placeholder: 'Is this you? The token is stored when you say so.',
      step: 3,
      totalSteps: STEPS,
      canGoBack: true,
      items: [
        {
          label: `$(account) Sign in as ${name}`,
          description: site.host,
          detail: `Token ${describeLife(tokenInfo.expires, Date.now())}. Scopes: ${tokenInfo.scopes.join(', ')}.`,
        },
      ],
    });
  }
}

/** A name that tells one computer's token from another's in the site's list. */
function tokenName(): string {
  return `VS Code ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`;
}

async function openExternal(page: URL): Promise<void> {
  const opened = await vscode.env.openExternal(vscode.Uri.parse(page.href, true));
  if (opened) return;
  const answer = await vscode.window.showInformationMessage(
    `Open this page in a browser: ${page.href}`,
    'Copy Address',
  );
  if (answer) await vscode.env.clipboard.writeText(page.href);
}
