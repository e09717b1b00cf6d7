import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { jupyterStandIn } from '../jupyterStandIn/build';
import { cachedFolder } from '../setup/cache';

const LATEST = 'https://open-vsx.org/api/ms-toolsai/jupyter/latest';
const ANSWER_WITHIN_MS = 3_000;
const DOWNLOAD_WITHIN_MS = 120_000;

const LatestSchema = z.object({ version: z.string(), files: z.object({ download: z.url() }) });

/** The VSIX that consumes our server provider in a test. */
export interface JupyterVsix {
  readonly file: string;
  /** `named`: by `$RSP_NOTEBOOKS_JUPYTER_VSIX`; the last is our own and only stands in for the real extension. */
  readonly origin: 'named' | 'open-vsx' | 'stand-in';
}

/**
 * The Jupyter extension to test with: the VSIX that `$RSP_NOTEBOOKS_JUPYTER_VSIX` names, else the newest from Open
 * VSX if that answers within three seconds, else the stand-in. `$RSP_NOTEBOOKS_JUPYTER_VSIX=stand-in` insists on it.
 */
export async function jupyterVsix(): Promise<JupyterVsix> {
  const named = process.env['RSP_NOTEBOOKS_JUPYTER_VSIX'];
  if (named && named !== 'stand-in') return { file: path.resolve(named), origin: 'named' };
  const downloaded = named ? undefined : await fromOpenVsx();
  return downloaded
    ? { file: downloaded, origin: 'open-vsx' }
    : { file: await jupyterStandIn(), origin: 'stand-in' };
}

/** `undefined` when Open VSX cannot be reached, which is nobody's fault. */
async function fromOpenVsx(): Promise<string | undefined> {
  try {
    const answer = await fetch(LATEST, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const { version, files } = LatestSchema.parse(await answer.json());
    const key = `${version}-${createHash('sha256').update(files.download).digest('hex').slice(0, 8)}`;
    const folder = await cachedFolder('jupyter-extension', key, async (final) => {
      const file = await fetch(files.download, { signal: AbortSignal.timeout(DOWNLOAD_WITHIN_MS) });
      if (!file.ok) throw new Error(`GET ${files.download} answered ${file.status}`);
      await writeFile(path.join(final, 'jupyter.vsix'), Buffer.from(await file.arrayBuffer()));
    });
    const file = path.join(folder, 'jupyter.vsix');
    await readFile(file);
    return file;
  } catch {
    return undefined;
  }
}
