import { ALL_TRAITS, traitsOf, type Feature, type FeatureName, type OfKind } from '../personality/traits';

export type { Feature, FeatureName } from '../personality/traits';

/** A token as far as its scopes go, and the site that it is for. */
export interface Holder {
  readonly site: OfKind;
  readonly scopes: readonly string[];
}

/** Every feature that needs scopes at such a site. */
export function featuresOf(site: OfKind): readonly Feature[] {
  return Object.values(traitsOf(site).features);
}

/** What a first sign-in has to bring, in the spelling that the editor's Accounts menu asks for. */
export const NOTEBOOK_SCOPES: readonly string[] = ['exec:notebook'];

/** Those of the scopes wanted that are not among the ones had. */
export function lackingScopes(wanted: readonly string[], had: readonly string[]): readonly string[] {
  return wanted.filter((scope) => !had.includes(scope));
}

/** The scopes that `feature` wants and the token does not have; none where such a site does not know the feature. */
export function missingFor(feature: FeatureName, { site, scopes }: Holder): readonly string[] {
  return lackingScopes(traitsOf(site).features[feature]?.scopes ?? [], scopes);
}

/**
 * Those of the scopes wanted that the token does not have, where somebody who does not know the site asks: the scope of
 * a feature at one kind of site stands for that feature at every other.
 */
export function lackingAnywhere(wanted: readonly string[], { site, scopes }: Holder): readonly string[] {
  const own = wanted.flatMap((scope) => (scopes.includes(scope) ? [] : ownScopesFor(scope, site)));
  return [...new Set(lackingScopes(own, scopes))];
}

function ownScopesFor(scope: string, site: OfKind): readonly string[] {
  const { features } = traitsOf(site);
  const names = ALL_TRAITS.flatMap((traits) => Object.entries(traits.features))
    .filter(([, feature]) => feature.scopes.includes(scope))
    .map(([name]) => name);
  const own = Object.entries(features).find(([name]) => names.includes(name));
  return own ? own[1].scopes : [scope];
}

/** What scopes are for, in the person's words; a scope that no feature names stays as it is. */
export function purposeOf(scopes: readonly string[]): string {
  const features = ALL_TRAITS.flatMap((traits) => Object.values(traits.features));
  const words = scopes.map(
    (scope) => features.find((feature) => feature.scopes.includes(scope))?.purpose ?? `use ${scope}`,
  );
  return [...new Set(words)].join(', ');
}
