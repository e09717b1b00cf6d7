import { claim, CLAIMS, type ClaimName } from './claims';
import { ENTRIES, type EntryId } from './entries';

export type Outcome = 'passed' | 'failed' | 'skipped' | 'not run';

/** What became of each test, by its title. */
export type Outcomes = ReadonlyMap<string, Outcome>;

export interface Verdict {
  readonly id: EntryId;
  readonly words: string;
  /** Whether there are claims and every one of them was run and has passed. */
  readonly isMet: boolean;
  readonly claims: readonly { readonly says: string; readonly outcome: Outcome }[];
}

/** How it stands with each trap and each fault; a test with a title of none of the claims is a mistake. */
export function judge(outcomes: Outcomes): Verdict[] {
  const names = Object.keys(CLAIMS).filter(isClaimName);
  const known = new Set(names.map(claim));
  const strange = [...outcomes.keys()].filter((title) => !known.has(title));
  if (strange.length > 0) throw new Error(`There is no such claim: ${strange.join('; ')}`);
  return Object.entries(ENTRIES).map(([id, words]) => {
    const claims = names
      .filter((name) => CLAIMS[name].of.some((of) => of === id))
      .map((name) => ({ says: CLAIMS[name].says, outcome: outcomes.get(claim(name)) ?? 'not run' }));
    const isMet = claims.length > 0 && claims.every(({ outcome }) => outcome === 'passed');
    return { id: toEntryId(id), words, isMet, claims };
  });
}

/** Lines for people: each entry with its claims and what became of them. */
export function toTable(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap(({ id, words, isMet, claims }) => [
    `${isMet ? '✔' : '✘'} ${id.padEnd(9)} ${words}`,
    ...claims.map(({ says, outcome }) => `    ${outcome.padEnd(8)} ${says}`),
    ...(claims.length === 0 ? ['    no test'] : []),
  ]);
}

function isClaimName(name: string): name is ClaimName {
  return Object.hasOwn(CLAIMS, name);
}

function toEntryId(id: string): EntryId {
  if (!isEntryId(id)) throw new Error(`There is no ${id}.`);
  return id;
}

function isEntryId(id: string): id is EntryId {
  return Object.hasOwn(ENTRIES, id);
}
