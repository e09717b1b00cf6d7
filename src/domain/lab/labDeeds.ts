import type { LabState } from './labState';

/** What can be done with a lab; where nobody knows how it stands, everything can be tried. */
export interface LabDeeds {
  readonly mayStart: boolean;
  readonly mayStop: boolean;
  readonly mayRestart: boolean;
}

/** What can be done with at least one of these labs. */
export function deedsOf(kinds: readonly LabState['kind'][]): LabDeeds {
  const some = (...fit: readonly LabState['kind'][]): boolean => kinds.some((kind) => fit.includes(kind));
  const isThere = some('running', 'starting', 'unknown');
  return { mayStart: some('none', 'failed', 'stopping', 'unknown'), mayStop: isThere, mayRestart: isThere };
}
