import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** A secret as it may be written: in plain text, encoded for an address, or within something that went to Base64. */
export function formsOf(secret: string): readonly string[] {
  const inText = new Set([secret, encodeURIComponent(secret)]);
  return [...inText, ...[0, 1, 2].map((before) => inBase64(secret, before))];
}

/** The characters that are the secret's alone when so many bytes (modulo 3) stand before it. */
function inBase64(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  return bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3));
}

/**
 * The files below `folders` in which one of the secrets can be read.
 *
 * @param sinceMs - those that were not written since then are left out.
 */
export async function filesHolding(
  secrets: string | readonly string[],
  folders: readonly string[],
  sinceMs = -Infinity,
): Promise<readonly string[]> {
  const forms = [secrets].flat().flatMap(formsOf);
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { mtimeMs = -Infinity } = (await stat(file).catch(goneOrThrow)) ?? {};
      if (mtimeMs < sinceMs) continue;
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
