import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { jupyterStandIn } from '../jupyterStandIn/build';
import { cachedFolder } from '../setup/cache';

const OPEN_VSX = 'https://open-vsx.org/api';
/** With what draws widgets and plotly's plots, which VS Code installs along. */
const EXTENSIONS = ['ms-toolsai/jupyter', 'ms-toolsai/jupyter-renderers'];
/** Have what is only proposed in VS Code's API so far. */
export const USES_PROPOSED_API = EXTENSIONS.flatMap((name) => [
  '--enable-proposed-api',
  name.replace('/', '.'),
]);
const ANSWER_WITHIN_MS = 3_000;
const DOWNLOAD_WITHIN_MS = 120_000;

const LatestSchema = z.object({ version: z.string(), files: z.object({ download: z.url() }) });

/** What consumes our server provider in a test. */
export interface JupyterVsix {
  readonly files: readonly string[];
  /** `named`: by `$RSP_NOTEBOOKS_JUPYTER_VSIX`; the last is our own and only stands in for the real extension. */
  readonly origin: 'named' | 'open-vsx' | 'stand-in';
}

/**
 * The Jupyter extension to test with: the VSIX that `$RSP_NOTEBOOKS_JUPYTER_VSIX` names (or several, as in `$PATH`), else
 * the newest from Open VSX if that answers within three seconds, else the stand-in.
 * `$RSP_NOTEBOOKS_JUPYTER_VSIX=stand-in` insists on it.
 */
export async function jupyterVsix(): Promise<JupyterVsix> {
  const named = process.env['RSP_NOTEBOOKS_JUPYTER_VSIX'];
  if (named && named !== 'stand-in') {
    const files = named.split(path.delimiter).map((file) => path.resolve(file));
    return { files, origin: 'named' };
  }
  try {
    if (!named) return { files: await Promise.all(EXTENSIONS.map(fromOpenVsx)), origin: 'open-vsx' };
  } catch {
    // Open VSX cannot be reached, which is nobody's fault.
  }
  return { files: [await jupyterStandIn()], origin: 'stand-in' };
}

/** @throws when Open VSX does not answer in time. */
async function fromOpenVsx(extension: string): Promise<string> {
  const answer = await fetch(`${OPEN_VSX}/${extension}/latest`, {
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const { version, files } = LatestSchema.parse(await answer.json());
  const key = `${version}-${createHash('sha256').update(files.download).digest('hex').slice(0, 8)}`;
  const name = extension.split('/').at(-1) ?? extension;
  const folder = await cachedFolder(`${name}-extension`, key, async (final) => {
    const file = await fetch(files.download, { signal: AbortSignal.timeout(DOWNLOAD_WITHIN_MS) });
    if (!file.ok) throw new Error(`GET ${files.download} answered ${file.status}`);
    await writeFile(path.join(final, `${name}.vsix`), Buffer.from(await file.arrayBuffer()));
  });
  const file = path.join(folder, `${name}.vsix`);
  await readFile(file);
  return file;
}
