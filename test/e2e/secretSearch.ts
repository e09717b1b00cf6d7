import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The files below `folders` in which `secret` can be read, in plain text or encoded for an address. */
export async function filesHolding(secret: string, folders: readonly string[]): Promise<readonly string[]> {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const bytes = await readFile(file).catch(goneOrThrow);
      if (bytes && forms.some((form) => bytes.includes(form))) found.push(file);
    }
  }
  return found;
}

/** The editor goes on while we look, and takes its temporary files away. */
function goneOrThrow(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
