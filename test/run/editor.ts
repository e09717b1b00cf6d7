import path from 'node:path';

import { runEditorTests } from '../setup/runEditorTests';
import { runToEnd } from '../setup/runToEnd';

const ROOT = path.resolve(__dirname, '..', '..');

/** Bundles the extension and runs the specs of `test/editor` with it inside VS Code. */
async function main(): Promise<void> {
  await runToEnd(
    process.execPath,
    [path.join(ROOT, 'node_modules', 'rolldown', 'bin', 'cli.mjs'), '-c', 'rolldown.config.mjs'],
    { cwd: ROOT },
  );
  process.exitCode = await runEditorTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: path.join(__dirname, 'editorEntry.cjs'),
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
