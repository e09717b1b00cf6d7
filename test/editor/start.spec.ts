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
});
