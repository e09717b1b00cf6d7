import * as vscode from 'vscode';
import { SharedWork } from '../../common/sharedWork';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { agreementWords } from '../../domain/servers/sharedWords';
import type { LabFlows } from './labFlows';

const never = new AbortController().signal;
const asking = new Map<string, SharedWork<boolean>>();

/**
 * Asks once for each server of somebody else whether notebooks may use it; whoever wants to know meanwhile waits for the
 * same answer.
 */
export async function askToJoin(desks: Pick<Desks, 'agree'>, desk: Desk): Promise<boolean> {
  const { server, id } = desk.account;
  if (server?.owner === undefined || desk.lab.isAgreed) return true;
  const { owner, name } = server;
  const shared = asking.get(id) ?? new SharedWork<boolean>();
  asking.set(id, shared);
  return shared.run(async () => {
    const use = 'Use Server';
    const { question, detail } = agreementWords(desk.main.account.site.name, { owner, name });
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, use);
    if (answer === use) desks.agree(desk);
    return answer === use;
  }, never);
}

/**
 * From the row of a server that somebody shared: after a yes its kernels are shown.
 *
 * @returns whether notebooks can use it now.
 */
export async function joinShared(
  desks: Pick<Desks, 'agree'>,
  flows: Pick<LabFlows, 'enter'>,
  desk: Desk,
): Promise<boolean> {
  if (!(await askToJoin(desks, desk)) || (await flows.enter(desk)) !== 'running') return false;
  void desk.overview.lookIntoNewLab(never).catch(() => undefined); // what went wrong stands in its row
  return true;
}
