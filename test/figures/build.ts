import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type OutputChunk, type RolldownOptions, rolldown } from 'rolldown';

import { ROOT } from './root';

export interface Built {
  /** Absolute path of the entry. */
  readonly entry: string;
  /** The entry and every chunk that it requires when it is evaluated, directly or not; absolute paths. */
  readonly loadedAtOnce: readonly string[];
}

let built: Promise<Built> | undefined;

/** Bundles the extension as `npm run build` does, once per measuring. */
export function buildExtension(): Promise<Built> {
  return (built ??= build());
}

async function build(): Promise<Built> {
  const config = await readConfig();
  if (config.output === undefined || Array.isArray(config.output))
    throw new Error('rolldown.config.mjs is expected to have one output.');
  const folder = path.resolve(ROOT, config.output.dir ?? 'dist');
  const bundle = await rolldown({ ...config, cwd: ROOT, logLevel: 'silent' });
  const { output } = await bundle.write({ ...config.output, dir: folder });
  await bundle.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  const entry = chunks.find(({ isEntry, name }) => isEntry && name === 'extension');
  if (!entry) throw new Error('The bundle has no entry named "extension".');
  const toPath = (fileName: string): string => path.join(folder, fileName);
  return {
    entry: toPath(entry.fileName),
    loadedAtOnce: [...staticImports(entry, chunks)].map(toPath),
  };
}

/** File names of a chunk and all that it imports other than by `import()`. */
export function staticImports(
  entry: Pick<OutputChunk, 'fileName'>,
  chunks: readonly Pick<OutputChunk, 'fileName' | 'imports'>[],
): ReadonlySet<string> {
  const found = new Set([entry.fileName]);
  // A set tells whoever walks it also what is added on the way.
  for (const fileName of found) {
    const chunk = chunks.find((each) => each.fileName === fileName);
    for (const imported of chunk?.imports ?? []) {
      if (chunks.some((each) => each.fileName === imported)) found.add(imported);
    }
  }
  return found;
}

async function readConfig(): Promise<RolldownOptions> {
  const file = pathToFileURL(path.join(ROOT, 'rolldown.config.mjs')).href;
  const { default: config } = (await import(file)) as { default: RolldownOptions };
  return config;
}
