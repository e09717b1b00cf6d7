import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { sameAgain, type LabChoice, type LabMenu } from '../../domain/lab/labMenu';
import { lossWords } from '../../domain/lab/labWords';
import { pickLab } from './labPicker';
import type { StartOutcome } from './startOutcome';

/** What is to be different after a restart. */
export type RestartWish = 'same' | 'other' | 'reset';

/** What a restart is made of; whoever asks for one shows and guards it. */
export interface RestartParts {
  menu(desk: Desk): Promise<LabMenu>;
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

async function confirm(desk: Desk, wish: RestartWish, choice: LabChoice): Promise<boolean> {
  const sessions = await desk.inside.fetchSessions(never).catch(() => undefined); // unknown is no reason not to restart
  const reset = choice.resetsEnvironment
    ? ' Your own packages and settings in .local, .cache, .jupyter and the like are moved aside.'
    : '';
  const answer = await vscode.window.showWarningMessage(
    `${TITLES[wish]} on ${desk.account.site.name}: ${choice.imageName}, ${choice.sizeName}?`,
    {
      modal: true,
      detail: `${lossWords(sessions)} Files are kept.${reset} Notebooks go on with their next cell, with new kernels.`,
    },
    'Restart Lab',
  );
  return answer === 'Restart Lab';
}
