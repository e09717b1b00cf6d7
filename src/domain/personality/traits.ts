export type SiteKind = 'rsp' | 'hub';

/** A site as far as its kind goes. */
export interface OfKind {
  readonly kind: SiteKind;
}

/** Something a person can do, and what their token must allow for it. */
export interface Feature {
  /** As the end of "Your token does not allow you to …". */
  readonly purpose: string;
  /** Where there is little room. */
  readonly shortName: string;
  readonly scopes: readonly string[];
}

export type FeatureName = 'notebooks' | 'tap' | 'images' | 'files' | 'tokens';

/** Parts of what is known of an account, as far as not every kind of site has them. */
export type SitePart =
  'quotas' | 'images' | 'services' | 'labDetails' | 'abnormalStart' | 'lifetimes' | 'namedServers';

/** What is different between kinds of sites, where nobody has to be asked about it. */
export interface Traits {
  /** Every feature that needs scopes; nothing else in the product names one. */
  readonly features: Readonly<Partial<Record<FeatureName, Feature>>>;
  /** What such a site has beside a hub; what is left out is neither asked for nor shown. */
  readonly parts: ReadonlySet<SitePart>;
  /** What a lab is called there, within a sentence and as a label. */
  readonly labNoun: 'lab' | 'server';
  readonly labLabel: 'Lab' | 'Server';
  /** Whether a lab goes by the token that started it, and loses something when that ends. */
  readonly labLivesOnToken: boolean;
  /** How a token is called by its public part. */
  tokenTitle(key: string): string;
  /** Whether the site itself goes by this key; else it cannot be told there which token is meant. */
  isKeyOfSite(key: string): boolean;
}

const RSP: Traits = {
  features: {
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
  },
  parts: new Set(['quotas', 'images', 'services', 'labDetails', 'abnormalStart', 'lifetimes']),
  labNoun: 'lab',
  labLabel: 'Lab',
  labLivesOnToken: true,
  tokenTitle: (key) => `gt-${key}`,
  isKeyOfSite: () => true,
};

const HUB: Traits = {
  features: {
    notebooks: {
      purpose: 'start your server and run notebooks',
      shortName: 'Run notebooks',
      scopes: ['access:servers', 'servers', 'read:servers'],
    },
    tokens: {
      purpose: 'renew and revoke tokens from here',
      shortName: 'Renew tokens',
      scopes: ['tokens'],
    },
  },
  parts: new Set(['namedServers']),
  labNoun: 'server',
  labLabel: 'Server',
  labLivesOnToken: false,
  tokenTitle: (key) => key.replace(/@.*$/, ''),
  isKeyOfSite: (key) => key.includes('@'),
};

const TRAITS: Readonly<Record<SiteKind, Traits>> = { rsp: RSP, hub: HUB };

/** The one table by which kinds of sites differ in what is known of them without asking. */
export function traitsOf(site: OfKind): Traits {
  return TRAITS[site.kind];
}

export const ALL_TRAITS: readonly Traits[] = Object.values(TRAITS);

/** Whether it is a hub and nothing beside, whose own words are used for what it has. */
export function isPlain(site: OfKind): boolean {
  return !hasPart(site, 'images');
}

/** Whether such a site has this part at all. */
export function hasPart(site: OfKind, part: SitePart): boolean {
  return traitsOf(site).parts.has(part);
}
