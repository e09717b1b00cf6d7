import { createHash } from 'node:crypto';

/** What the notebook's client puts between a notebook's name and the random part of a session's path. */
const MARK = '-jvsc-';
const RANDOM = /^(?<base>.*)-jvsc-[0-9a-f-]{72}\.ipynb$/s;
const KEPT = /-jvsc-(?<notebook>[0-9a-f]{32})-[0-9a-f]{8}\.ipynb$/;

/** The notebook's name, without its ending, in a path that the notebook's client made up; undefined for any other. */
export function baseOfRandomPath(path: string): string | undefined {
  return RANDOM.exec(path)?.groups?.['base'];
}

/**
 * The key of a notebook in sessions' paths, by which nobody can tell where it lies.
 *
 * @param place - tells one editor's notebooks from those of all others, on whatever computer.
 */
export function notebookKey(place: string, uri: string): string {
  return hash(`${place}\n${uri}`, 32);
}

/**
 * The last part of the path of a notebook's session. It is the same each time, and another one for another kernel, since
 * a lab gives the session of a path whatever kernel is asked for.
 */
export function sessionLeaf(base: string, key: string, kernelName: string): string {
  return `${base}${MARK}${key}-${hash(kernelName, 8)}.ipynb`;
}

/** The key of the notebook whose session has this path; undefined when it is no such session. */
export function keyInPath(path: string): string | undefined {
  return KEPT.exec(path)?.groups?.['notebook'];
}

function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
