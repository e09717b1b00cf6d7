import * as vscode from 'vscode';
import type { NetworkSettings } from '../protocol/http/dispatcher';
import { SETTINGS } from './ids';

/** Whether running a cell may start a lab. */
export type StartLabSetting = 'ask' | 'always' | 'never';

export function readStartLab(): StartLabSetting {
  const value = vscode.workspace.getConfiguration().get<string>(SETTINGS.startLab);
  return value === 'always' || value === 'never' ? value : 'ask';
}

/** The person's own proxy settings; a repository cannot choose where their token travels. */
export function readNetwork(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = ownValue<string>(http.inspect('proxy'));
  const isOff = ownValue<string>(http.inspect('proxySupport')) === 'off';
  return {
    ...(proxy && !isOff ? { proxyUrl: proxy } : {}),
    noProxy: ownValue<string[]>(http.inspect('noProxy')) ?? [],
  };
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

interface Inspected<T> {
  readonly globalValue?: T;
  readonly defaultValue?: T;
}

function ownValue<T>(inspected: Inspected<T> | undefined): T | undefined {
  return inspected?.globalValue ?? inspected?.defaultValue;
}
