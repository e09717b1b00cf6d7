import type { Problem, ProblemKind } from '../problems/problem';

/** Where to look when a token that ought to lie ready cannot be used. */
export type GivenTrouble = 'file' | 'site' | 'token';

const TROUBLES: { readonly [K in ProblemKind]?: GivenTrouble } = {
  tokenFileMissing: 'file',
  tokenFileEmpty: 'file',
  tokenFileUnreadable: 'file',
  tokenNowhere: 'site',
  tokenSiteUnnamed: 'site',
  tokenSiteOdd: 'site',
  givenTokenShape: 'token',
  givenTokenUnknown: 'token',
  givenTokenUnused: 'token',
};

/** @param absence - why nobody is signed in. */
export function troubleOf(absence: Problem): GivenTrouble | undefined {
  return TROUBLES[absence.kind];
}
