import * as vscode from 'vscode';
import type { CullLimitsByHost } from '../domain/lab/cullClock';
import type { WorkingDirectory } from '../domain/notebooks/workingDirectory';
import { SETTINGS } from './ids';

/** Whether running a cell may start a lab. */
export type StartLabSetting = 'ask' | 'always' | 'never';

export function readStartLab(): StartLabSetting {
  const value = vscode.workspace.getConfiguration().get<string>(SETTINGS.startLab);
  return value === 'always' || value === 'never' ? value : 'ask';
}

/** Where kernels of notebooks start in the lab. */
export function readWorkingDirectory(): WorkingDirectory {
  const value = ownValue<unknown>(vscode.workspace.getConfiguration().inspect(SETTINGS.workingDirectory));
  return value === 'workspace' || value === 'twin' ? value : 'home';
}

/** Whether the sessions of notebooks that are closed are to be ended, by the person's own settings. */
export function readEndSessions(): boolean {
  return ownValue<unknown>(vscode.workspace.getConfiguration().inspect(SETTINGS.endSessions)) === true;
}

/** After how long sites remove labs, where the person has set that; what is no number of hours is left out. */
export function readLabLimits(): CullLimitsByHost {
  const value = vscode.workspace.getConfiguration().inspect<Record<string, unknown>>(SETTINGS.labLimits);
  return Object.fromEntries(
    Object.entries(value?.globalValue ?? {}).map(([host, limits]) => [
      host,
      { maxAgeHours: hoursOf(limits, 'maxAgeHours'), maxIdleHours: hoursOf(limits, 'maxIdleHours') },
    ]),
  );
}

function hoursOf(limits: unknown, name: string): number | undefined {
  if (typeof limits !== 'object' || limits === null) return undefined;
  const value = new Map<string, unknown>(Object.entries(limits)).get(name);
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Where tokens lie ready, by the person's own settings; a repository cannot choose where a token is sent. */
export function readTokenSettings(): { readonly site: string; readonly file: string } {
  const configuration = vscode.workspace.getConfiguration();
  const read = (id: string): string => {
    const value = ownValue<unknown>(configuration.inspect(id));
    return typeof value === 'string' ? value : '';
  };
  return { site: read(SETTINGS.tokenSite), file: read(SETTINGS.tokenFile) };
}

/** Days before the end of a token at which to warn, by the person's own settings; what is no such number is left out. */
export function readTokenWarningDays(): readonly number[] {
  return readNumbers(SETTINGS.tokenWarningDays);
}

/** Hours before a lab is removed at which to warn, by the person's own settings; what is no such number is left out. */
export function readLabWarningHours(): readonly number[] {
  return readNumbers(SETTINGS.labWarningHours);
}

function readNumbers(id: string): readonly number[] {
  const numbers = ownValue<unknown>(vscode.workspace.getConfiguration().inspect(id));
  if (!Array.isArray(numbers)) return [];
  return numbers.filter(
    (each): each is number => typeof each === 'number' && Number.isFinite(each) && each > 0,
  );
}

interface Inspected<T> {
  readonly globalValue?: T;
  readonly defaultValue?: T;
}

function ownValue<T>(inspected: Inspected<T> | undefined): T | undefined {
  return inspected?.globalValue ?? inspected?.defaultValue;
}
