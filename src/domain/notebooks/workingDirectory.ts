import type { WantedFolder } from '../../protocol/jupyter/labFolders';

/** Where kernels start, as the person chose: at home, in a folder for each workspace, or where the notebook has a twin. */
export type WorkingDirectory = 'home' | 'workspace' | 'twin';

/** Where a notebook lies; all paths are those of addresses, with `/` between their parts. */
export interface NotebookPath {
  readonly path: string;
  /** The workspace's folder that it is in. */
  readonly workspaceFolder: string | undefined;
  /** The person's home, where the notebook is a file of this computer. */
  readonly home: string | undefined;
}

/** The folders in the lab in which the notebook's kernel may start, the best first; none stands for home. */
export function wantedFolders(
  directory: WorkingDirectory,
  { path, workspaceFolder, home }: NotebookPath,
): readonly WantedFolder[] {
  const name = workspaceFolder === undefined ? undefined : lastPart(workspaceFolder);
  if (directory === 'home') return [];
  if (directory === 'workspace') return name ? [{ path: name, isMade: true }] : [];
  const folder = path.slice(0, path.lastIndexOf('/'));
  const inWorkspace = workspaceFolder === undefined ? undefined : within(workspaceFolder, folder);
  const twins = [
    home === undefined ? undefined : within(home, folder),
    name && inWorkspace !== undefined ? [name, inWorkspace].filter(Boolean).join('/') : undefined,
  ];
  return [...new Set(twins)].flatMap((twin) => (twin ? [{ path: twin, isMade: false }] : []));
}

/** The folder of a session's path as people write it. */
export function folderInWords(sessionPath: string): string {
  return ['~', ...sessionPath.split('/').slice(0, -1)].join('/');
}

/** `inner` as seen from `outer`; undefined when it does not lie there. Windows does not tell cases apart. */
function within(outer: string, inner: string): string | undefined {
  const top = outer.replace(/\/+$/, '');
  const isAlike = /^\/[a-z]:/i.test(top)
    ? inner.slice(0, top.length).toLowerCase() === top.toLowerCase()
    : inner.startsWith(top);
  if (!isAlike) return undefined;
  const rest = inner.slice(top.length);
  return rest === '' || rest.startsWith('/') ? rest.slice(1) : undefined;
}

function lastPart(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}
