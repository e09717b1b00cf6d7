import { deepEqual, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { z } from 'zod';

const ManifestSchema = z.object({
  contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }),
});

describe('The extension in VS Code', () => {
  it('is activated by itself and answers to every command that it offers', async () => {
    const extension = vscode.extensions.getExtension('rsp-notebooks.rsp-notebooks');
    ok(extension);
    await extension.activate();
    const offered = ManifestSchema.parse(extension.packageJSON).contributes.commands;
    const known = await vscode.commands.getCommands(true);
    deepEqual(
      offered.map(({ command }) => command).filter((command) => !known.includes(command)),
      [],
    );
  });

  it('is in the Accounts menu of VS Code without anybody being signed in', async () => {
    const session = await vscode.authentication.getSession('rsp', ['exec:notebook'], { silent: true });
    const accounts = await vscode.authentication.getAccounts('rsp');
    deepEqual([session, accounts.length], [undefined, 0]);
  });

  it('starts without waking the Jupyter extension', () => {
    ok(vscode.extensions.getExtension('ms-toolsai.jupyter')?.isActive !== true);
  });
});
