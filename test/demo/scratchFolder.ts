import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { NOTEBOOKS } from './options';

/** A temporary folder of the demo. */
export interface ScratchFolder {
  readonly path: string;
  /** A folder in it with the notebooks, to be opened in the editor. */
  readonly workspace: string;
  stop(): Promise<void>;
}

export async function scratchFolder(): Promise<ScratchFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-demo-'));
  const workspace = path.join(folder, 'notebooks');
  await cp(NOTEBOOKS, workspace, { recursive: true });
  return {
    path: folder,
    workspace,
    stop: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
