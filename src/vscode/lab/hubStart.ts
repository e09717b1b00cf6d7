import * as vscode from 'vscode';
import { systemClock } from '../../common/clock';
import type { Desk } from '../../domain/desk';
import { choiceName, type FormChoice, type LabChoice } from '../../domain/lab/labMenu';
import { untilStartedElsewhere } from '../../domain/lab/hubPages';
import { lastFormChoice } from '../../domain/lab/hubOptions';
import { pageOfSpawn } from '../../protocol/jupyterhub/serverNames';
import { openOrShowPage } from '../auth/tokenPage';
import { pick } from '../quickInput';
import type { Answered } from './hubForm';
import type { StartOutcome } from './startOutcome';

interface WishItem extends vscode.QuickPickItem {
  /** What to start, or where to choose it. */
  readonly wish: LabChoice | 'here' | 'inBrowser';
}

/** What starts labs, and shows how they come up. */
export interface HubStartParts {
  startChosen(desk: Desk, choice: LabChoice): Promise<StartOutcome>;
  /** Waits for a lab that is on its way, and keeps what was answered for it. */
  follow(desk: Desk, answered?: Answered): Promise<StartOutcome>;
  looking<T>(desk: Desk, work: () => Promise<T>): Thenable<T>;
}

const DEFAULTS: FormChoice = { kind: 'form', name: '', options: {} };

/**
 * Starts a lab at a hub without a menu. What there is to choose stands on a page of the hub, which a token does not open:
 * it is shown here where a password does, and in the browser otherwise. What was chosen once is remembered by the hub, and
 * can be started again from here.
 */
export async function startAtHub(
  parts: HubStartParts,
  desk: Desk,
  hints: { readonly last: LabChoice | undefined },
): Promise<StartOutcome> {
  const last = lastFormChoice(desk.lab.startedWith, hints.last);
  for (;;) {
    const wish = await askWish(desk, last);
    if (wish === undefined) return 'left';
    if (typeof wish === 'object') return parts.startChosen(desk, wish);
    if (wish === 'here') {
      const { chooseHere } = await import('./hubForm');
      const chosen = await chooseHere(parts, desk, last);
      if (chosen === 'back') continue;
      if (chosen === 'left') return 'left';
      if (chosen !== 'inBrowser') return parts.follow(desk, chosen.answered);
    }
    return (await waitForPage(desk)) ? parts.follow(desk) : 'left';
  }
}

async function askWish(
  { account: { site } }: Desk,
  last: FormChoice | undefined,
): Promise<WishItem['wish'] | undefined> {
  const usual: readonly WishItem[] =
    last && choiceName(last) !== choiceName(DEFAULTS)
      ? [{ label: `$(history) ${choiceName(last)}`, description: 'as last time', wish: last }]
      : [];
  const answer = await pick<WishItem>({
    title: `Start Your Server on ${site.name}`,
    placeholder: 'Nothing starts before you say so',
    items: [
      ...usual,
      {
        label: '$(list-selection) Choose what it is like…',
        description: 'starts at once where the hub offers no choice',
        wish: 'here',
      },
      { label: '$(rocket) Start it', description: "with the hub's defaults", wish: DEFAULTS },
      {
        label: "$(link-external) Choose on the hub's page…",
        description: 'in the browser; it is joined here when it comes up',
        wish: 'inBrowser',
      },
    ],
  });
  return answer.kind === 'chosen' ? answer.value.wish : undefined;
}

/** What is chosen in the browser is heard of by the server that comes up. */
async function waitForPage({ account: { site, username, server }, lab }: Desk): Promise<boolean> {
  await openOrShowPage(new URL(pageOfSpawn(username, server?.name), site.hubUrl));
  const left = new AbortController();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Waiting for your server on ${site.name} to be started in the browser`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_, token) => {
    token.onCancellationRequested(() => left.abort());
    try {
      await untilStartedElsewhere(lab, systemClock, left.signal);
      return true;
    } catch (error) {
      if (left.signal.aborted) return false;
      throw error;
    }
  });
}
