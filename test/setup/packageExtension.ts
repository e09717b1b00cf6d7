import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { runToEnd } from './runToEnd';

const ROOT = path.resolve(__dirname, '..', '..');
const DEFAULT_FILE = 'rsp-notebooks.vsix';

/**
 * Bundles the extension anew and packs it into `file`; gives its absolute path.
 *
 * @param folder - that of another extension, which is packed as it is.
 */
export async function packageExtension(file: string, folder = ROOT): Promise<string> {
  const target = path.resolve(ROOT, file);
  await mkdir(path.dirname(target), { recursive: true });
  await runToEnd(
    process.execPath,
    [
      require.resolve('@vscode/vsce/vsce'), // bundles first, by the script vscode:prepublish
      ...['package', '--out', target],
      ...['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'],
      ...(folder === ROOT ? [] : ['--skip-license']),
    ],
    { cwd: folder },
  );
  return target;
}

/** `npm run package [-- FILE]` */
if (require.main === module) {
  packageExtension(process.argv[2] ?? DEFAULT_FILE).then(
    (file) => {
      console.log(`The extension is packed in ${file}`);
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
