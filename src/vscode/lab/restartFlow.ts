import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { lastFormChoice } from '../../domain/lab/hubOptions';
import {
  choiceName,
  sameAgain,
  type ImageChoice,
  type LabChoice,
  type LabOffer,
} from '../../domain/lab/labMenu';
import { lossWords } from '../../domain/lab/labWords';
import { traitsOf } from '../../domain/personality/traits';
import { pickLab } from './labPicker';
import type { StartOutcome } from './startOutcome';

/** What is to be different after a restart. */
export type RestartWish = 'same' | 'other' | 'reset';

/** What a restart is made of; whoever asks for one shows and guards it. */
export interface RestartParts {
  menu(desk: Desk): Promise<LabOffer>;
  start(desk: Desk): Promise<StartOutcome>;
  last(desk: Desk): LabChoice | undefined;
  stopNow(desk: Desk): Promise<void>;
  startChosen(desk: Desk, choice: LabChoice): Promise<StartOutcome>;
}

const never = new AbortController().signal;
const TITLES: Readonly<Record<RestartWish, string>> = {
  same: 'Restart Lab',
  other: 'Restart Lab with Another Image or Size',
  reset: 'Restart Lab with a Reset Environment',
};

/**
 * Stops a lab and starts one in its place. Everything is chosen before anything is stopped, so that whoever leaves on the
 * way has lost nothing.
 */
export async function restartLab(flows: RestartParts, desk: Desk, wish: RestartWish): Promise<StartOutcome> {
  const { site } = desk.account;
  const state = await desk.lab.refresh(never);
  const menu = await flows.menu(desk);
  if (menu.kind === 'spawnPage') return restartAtHub(flows, desk, wish);
  const again = state.kind === 'running' ? sameAgain(state.details, menu) : undefined;
  const known = again ?? flows.last(desk);
  const choice =
    wish !== 'other' && again
      ? { ...again, resetsEnvironment: wish === 'reset' }
      : await pickLab(menu, site, {
          last: known,
          resetsEnvironment: wish === 'reset',
          isRestart: state.kind === 'running',
        });
  if (!choice) return 'left';
  if (state.kind === 'running' || state.kind === 'starting') {
    if (!(await confirm(desk, wish, choice))) return 'left';
    await flows.stopNow(desk);
  }
  return flows.startChosen(desk, choice);
}

/** A hub tells on its page what there is to choose, once the lab is gone. */
async function restartAtHub(flows: RestartParts, desk: Desk, wish: RestartWish): Promise<StartOutcome> {
  const last = wish === 'other' ? undefined : lastFormChoice(desk.lab.startedWith, flows.last(desk));
  const { kind } = desk.lab.state;
  if (kind === 'running' || kind === 'starting') {
    const how = last
      ? `It starts again as last time: ${choiceName(last)}.`
      : 'Another one is chosen when it is gone.';
    if (!(await askToRestart(desk, `Restart your server on ${desk.account.site.name}?`, how))) return 'left';
    await flows.stopNow(desk);
  }
  return last ? flows.startChosen(desk, last) : flows.start(desk);
}

async function confirm(desk: Desk, wish: RestartWish, choice: ImageChoice): Promise<boolean> {
  const reset = choice.resetsEnvironment
    ? 'Your own packages and settings in .local, .cache, .jupyter and the like are moved aside.'
    : '';
  const question = `${TITLES[wish]} on ${desk.account.site.name}: ${choiceName(choice)}?`;
  return askToRestart(desk, question, reset);
}

async function askToRestart(desk: Desk, question: string, how: string): Promise<boolean> {
  const sessions = await desk.inside.fetchSessions(never).catch(() => undefined); // unknown is no reason not to restart
  const restart = `Restart ${traitsOf(desk.account.site).labLabel}`;
  const detail = [
    `${lossWords(sessions)} Files are kept.`,
    how,
    'Notebooks go on with their next cell, with new kernels.',
  ]
    .filter(Boolean)
    .join(' ');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, restart)) === restart;
}
