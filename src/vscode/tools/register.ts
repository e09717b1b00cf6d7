import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import { TOOLS } from './names';
import type { Tools } from './tools';

/** Offers the tools to language models; what they do is loaded with the first one that is used. */
export function registerTools(load: () => Promise<Tools>): Disposable {
  const owned = new Owned();
  for (const name of Object.values(TOOLS)) {
    owned.add(
      vscode.lm.registerTool(name, {
        invoke: async ({ input }, token) => (await load()).invoke(name, input, token),
        prepareInvocation: async ({ input }, token) => (await load()).prepare(name, input, token),
      }),
    );
  }
  return owned;
}
