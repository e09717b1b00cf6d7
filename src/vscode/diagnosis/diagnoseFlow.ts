import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { diagnose, type Finding } from '../../domain/diagnosis/diagnosis';
import { LAYER_COUNT, layerName, summaryOf, toReport } from '../../domain/diagnosis/report';
import type { Protocol } from '../../protocol';
import { withSignal } from '../cancellation';
import type { Documents } from '../documents';
import { JUPYTER_EXTENSION } from '../jupyter/jupyterApi';

const OUR_EXTENSION = 'rsp-notebooks.rsp-notebooks';

/** Tries every layer between this window and the kernel, and shows what was found as a report to read and to copy. */
export async function showDiagnosis(desk: Desk, protocol: Protocol, documents: Documents): Promise<void> {
  const { account, lab } = desk;
  const findings = await collect(desk, protocol);
  const { state } = lab;
  const report = toReport({
    site: account.site,
    findings,
    surroundings: surroundings(),
    image: state.kind === 'running' ? state.details?.imageReference : undefined,
    steps: lab.lastSteps,
    at: new Date(),
  });
  await documents.showReport(desk, report);
  const summary = summaryOf(findings, account.site);
  const isBroken = findings.some(({ verdict }) => verdict === 'broken');
  const show = isBroken ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const answer = await show(summary, 'Copy Report');
  if (answer === 'Copy Report') await vscode.env.clipboard.writeText(report);
}

async function collect(desk: Desk, protocol: Protocol): Promise<readonly Finding[]> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Trying the connection to ${desk.account.site.name}`,
    cancellable: true,
  };
  const findings: Finding[] = [];
  await vscode.window.withProgress(options, (progress, token) =>
    withSignal(token, async (signal) => {
      for await (const finding of diagnose(desk.account, protocol, signal, desk.lab.isAgreed)) {
        findings.push(finding);
        progress.report({
          message: layerName(finding.layer, desk.account.site),
          increment: 100 / LAYER_COUNT,
        });
      }
    }),
  );
  return findings;
}

/** What somebody who was not there asks first. */
function surroundings(): Readonly<Record<string, string>> {
  const versionOf = (id: string): string => {
    const manifest: unknown = vscode.extensions.getExtension(id)?.packageJSON;
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? manifest.version
        : undefined;
    return typeof version === 'string' ? version : 'not installed';
  };
  return {
    'RSP Notebooks': versionOf(OUR_EXTENSION),
    Editor: `VS Code ${vscode.version}${vscode.env.remoteName ? `, remote ${vscode.env.remoteName}` : ''}`,
    Jupyter: versionOf(JUPYTER_EXTENSION),
    System: `${os.type()} ${os.release()}, ${process.arch}`,
  };
}
