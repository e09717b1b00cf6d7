import * as vscode from 'vscode';
import { redact } from '../../common/redact';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import { sentenceOf } from '../../domain/problems/sentences';

/** Shows everything that happened while the lab came up, as a document to read, search and copy from. */
export async function showEvents(desk: Desk): Promise<void> {
  const { state } = desk.lab;
  const lines = desk.lab.lastSteps.map(
    (step) => `${String(step.percent).padStart(3)} %  ${step.severity.padEnd(7)}  ${step.message}`,
  );
  const end = state.kind === 'failed' ? ['', sentenceOf(state.problem)] : [];
  const head = `Events of the lab of ${accountLabel(desk.account)}`;
  const body = lines.length > 0 ? lines : ['No start of this lab was seen in this window.'];
  const content = redact([head, '', ...body, ...end, ''].join('\n'));
  const document = await vscode.workspace.openTextDocument({ language: 'log', content });
  await vscode.window.showTextDocument(document, { preview: true });
}
