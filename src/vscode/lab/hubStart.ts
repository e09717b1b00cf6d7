import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { choiceName, type FormChoice, type LabChoice } from '../../domain/lab/labMenu';
import { toFormChoice } from '../../domain/lab/hubOptions';
import { openOrShowPage } from '../auth/tokenPage';
import { pick } from '../quickInput';
import type { StartOutcome } from './startOutcome';

interface WishItem extends vscode.QuickPickItem {
  /** What to start; undefined for what is chosen elsewhere. */
  readonly choice?: LabChoice;
}

/** What starts labs, and shows how they come up. */
export interface HubStartParts {
  startChosen(desk: Desk, choice: LabChoice): Promise<StartOutcome>;
  /** Waits for a lab that is on its way. */
  follow(desk: Desk): Promise<StartOutcome>;
}

const DEFAULTS: FormChoice = { kind: 'form', name: '', options: {} };

/**
 * Starts a lab at a hub without a menu. What there is to choose stands on a page of the hub, which a token does not open;
 * what was chosen there once is remembered by the hub, and can be started again from here.
 */
export async function startAtHub(
  parts: HubStartParts,
  desk: Desk,
  hints: { readonly last: LabChoice | undefined },
): Promise<StartOutcome> {
  const wish = await askWish(desk, toFormChoice(desk.lab.startedWith) ?? hints.last);
  if (!wish) return 'left';
  if (wish.choice) return parts.startChosen(desk, wish.choice);
  return (await waitForPage(desk)) ? parts.follow(desk) : 'left';
}

async function askWish(
  { account: { site } }: Desk,
  last: LabChoice | undefined,
): Promise<WishItem | undefined> {
  const usual: readonly WishItem[] =
    last && choiceName(last) !== choiceName(DEFAULTS)
      ? [{ label: `$(history) ${choiceName(last)}`, description: 'as last time', choice: last }]
      : [];
  const answer = await pick<WishItem>({
    title: `Start Your Server on ${site.name}`,
    placeholder: 'Nothing starts before you say so',
    items: [
      ...usual,
      { label: '$(rocket) Start it', description: "with the hub's defaults", choice: DEFAULTS },
      {
        label: "$(link-external) Choose on the hub's page…",
        description: 'in the browser; it is joined here when it comes up',
      },
    ],
  });
  return answer.kind === 'chosen' ? answer.value : undefined;
}

/** What is chosen in the browser is heard of by the server that comes up. */
async function waitForPage({ account: { site }, lab }: Desk): Promise<boolean> {
  await openOrShowPage(new URL('hub/spawn', site.hubUrl));
  const left = new AbortController();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Waiting for your server on ${site.name} to be started in the browser`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_, token) => {
    token.onCancellationRequested(() => left.abort());
    try {
      await lab.untilStartedElsewhere(left.signal);
      return true;
    } catch (error) {
      if (left.signal.aborted) return false;
      throw error;
    }
  });
}
