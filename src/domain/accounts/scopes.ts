/** Something a person can do, and what their token must allow for it. */
export interface Feature {
  /** As the end of "Your token does not allow you to …". */
  readonly purpose: string;
  /** Where there is little room. */
  readonly shortName: string;
  readonly scopes: readonly string[];
}

/** Every feature that needs scopes; nothing else in the product names one. */
export const FEATURES = {
  notebooks: {
    purpose: 'start labs and run notebooks',
    shortName: 'Run notebooks',
    scopes: ['exec:notebook'],
  },
  tap: { purpose: 'query catalogs from the lab', shortName: 'Query catalogs', scopes: ['read:tap'] },
  images: { purpose: 'read images from the lab', shortName: 'Read images', scopes: ['read:image'] },
  files: {
    purpose: 'reach your home folder over WebDAV',
    shortName: 'Home over WebDAV',
    scopes: ['write:files'],
  },
  tokens: {
    purpose: 'renew and revoke tokens from here',
    shortName: 'Renew tokens',
    scopes: ['user:token'],
  },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof FEATURES;

/** What a first sign-in has to bring. */
export const NOTEBOOK_SCOPES: readonly string[] = FEATURES.notebooks.scopes;

/** What a token made for the product should allow: a lab inherits the scopes of the token that started it. */
export const RECOMMENDED_SCOPES: readonly string[] = [
  ...FEATURES.notebooks.scopes,
  ...FEATURES.tap.scopes,
  ...FEATURES.images.scopes,
];

/** Those of the scopes wanted that are not among the ones had. */
export function lackingScopes(wanted: readonly string[], had: readonly string[]): readonly string[] {
  return wanted.filter((scope) => !had.includes(scope));
}

/** The scopes that `feature` wants and the account's token does not have. */
export function missingFor(
  feature: FeatureName,
  account: { readonly scopes: readonly string[] },
): readonly string[] {
  return lackingScopes(FEATURES[feature].scopes, account.scopes);
}

/** What scopes are for, in the person's words; a scope that no feature here names stays as it is. */
export function purposeOf(scopes: readonly string[]): string {
  const features: readonly Feature[] = Object.values(FEATURES);
  const words = scopes.map(
    (scope) => features.find((feature) => feature.scopes.includes(scope))?.purpose ?? `use ${scope}`,
  );
  return [...new Set(words)].join(', ');
}
