import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Log } from '../../common/log';
import type { TokenPlaces } from '../../domain/accounts/tokenPlaces';
import { SETTINGS } from '../ids';
import { readTokenSettings } from '../settings';
import { PlacesHere } from './placesHere';

/** The places on this computer where a token may lie ready, by the editor's settings and its environment. */
export function openTokenPlaces(log: Log): Promise<TokenPlaces> {
  return PlacesHere.open({
    env: process.env,
    home: homedir(),
    settings: readTokenSettings,
    onDidChangeSettings: (listener) =>
      vscode.workspace.onDidChangeConfiguration((change) => {
        if ([SETTINGS.tokenSite, SETTINGS.tokenFile].some((id) => change.affectsConfiguration(id)))
          listener();
      }),
    log,
  });
}
