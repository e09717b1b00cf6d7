import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether `node_modules` holds just what the lock file says. npm notes in a file of its own what it installed; packages
 * for other systems are in the lock file alone.
 *
 * @param {string} root - of the project
 * @returns {boolean}
 */
export function arePackagesCurrent(root) {
  const locked = packagesOf(path.join(root, 'package-lock.json'));
  const installed = packagesOf(path.join(root, 'node_modules', '.package-lock.json'));
  if (!locked || !installed) return false;
  const isWanted = ([at, { optional }]) => at !== '' && !optional;
  const isThere = ([at, { version }]) => installed[at]?.version === version;
  const isKnown = ([at, { version }]) => locked[at]?.version === version;
  return Object.entries(locked).filter(isWanted).every(isThere) && Object.entries(installed).every(isKnown);
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined; // missing or cut short: as good as not installed
  }
}
