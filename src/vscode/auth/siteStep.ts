import * as vscode from 'vscode';
import type { SignIn } from '../../domain/accounts/signIn';
import { isAbort, toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import { KNOWN_SITES } from '../../domain/sites/knownSites';
import type { Site } from '../../domain/sites/site';
import { enter, pick, type Answer } from '../quickInput';

interface SiteItem extends vscode.QuickPickItem {
  /** Undefined for the row that asks for another address. */
  readonly address: string | undefined;
}

interface Frame {
  readonly title: string;
  readonly totalSteps: number;
}

type OnOpen = (input: vscode.QuickInput) => vscode.Disposable;

/** Asks for a site and finds it: one used before, one that many use, or any address. */
export async function askSite(
  signIn: SignIn,
  recentHosts: readonly string[],
  frame: Frame,
  onOpen: OnOpen,
): Promise<Answer<Site>> {
  const step = new SiteStep(signIn, frame, onOpen);
  for (;;) {
    const answer = await step.pickAddress(recentHosts);
    if (answer.kind !== 'chosen') return answer;
    const { address } = answer.value;
    const found = address === undefined ? { sentence: undefined } : await step.find(address);
    if ('value' in found) return { kind: 'chosen', value: found.value };
    const entered = await step.enterAddress(address ?? '', found.sentence);
    if (entered.kind !== 'back') return entered;
  }
}

class SiteStep {
  readonly #signIn: SignIn;
  readonly #frame: Frame;
  readonly #onOpen: OnOpen;

  constructor(signIn: SignIn, frame: Frame, onOpen: OnOpen) {
    this.#signIn = signIn;
    this.#frame = frame;
    this.#onOpen = onOpen;
  }

  pickAddress(recent: readonly string[]): Promise<Answer<SiteItem>> {
    const known = KNOWN_SITES.filter(({ host }) => !recent.includes(host));
    return pick<SiteItem>({
      ...this.#frame,
      placeholder: 'Choose your site or type its address: its token page opens next',
      step: 1,
      items: [
        ...recent.map((host) => ({
          label: KNOWN_SITES.find((site) => site.host === host)?.name ?? host,
          description: host,
          detail: 'You are signed in here',
          address: host,
        })),
        ...known.map(({ name, host }) => ({ label: name, description: host, address: host })),
        { label: '$(edit) Another site…', alwaysShow: true, address: undefined },
      ],
      itemsFor: (value) =>
        /[.:/]|^localhost/.test(value)
          ? [{ label: `$(globe) ${value.trim()}`, alwaysShow: true, address: value }]
          : [],
      onOpen: this.#onOpen,
    });
  }

  enterAddress(address: string, sentence: string | undefined): Promise<Answer<Site>> {
    return enter<Site>({
      ...this.#frame,
      prompt: 'Address of the site: a host, or the address of any of its pages',
      placeholder: address || 'data.lsst.cloud',
      step: 1,
      canGoBack: true,
      check: (value, signal) => this.find(value || address, signal),
      onOpen: (input) => {
        input.value = address;
        input.validationMessage = sentence;
        return this.#onOpen(input);
      },
    });
  }

  async find(
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
}
