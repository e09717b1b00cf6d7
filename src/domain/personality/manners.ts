import type { OfKind, SiteKind } from './traits';

/** What may be relied on as a lab comes up. */
export interface StartManners {
  /** After how long nobody waits any more, whatever the hub says. */
  readonly longestStartMs: number;
  /** Whether the hub's event that a lab is ready may be taken at its word. */
  readonly isReadyByEvent: boolean;
}

/** What is different between kinds of sites in how somebody starts labs and gets tokens; loaded with the first of these. */
export interface Manners {
  /** What a token made for the product should allow. */
  readonly recommendedScopes: readonly string[];
  /** What may be relied on as a lab comes up. */
  readonly starts: StartManners;
  /** What leads to a choice of a new lab, where it stands alone and on a button. */
  readonly startLabel: string;
  readonly chooseButton: string;
  readonly restartLabel: string;
  readonly otherSizeButton: string;
  /** What starts the lab of last time, before the words for it. */
  readonly usualLabel: string;
  /** What the public part of a token is for. */
  readonly keyHint: string;
}

const RSP: Manners = {
  // A lab inherits the scopes of the token that started it.
  recommendedScopes: ['exec:notebook', 'read:tap', 'read:image'],
  // Ten minutes are normal for a large image; the site gives up before this does.
  starts: { longestStartMs: 20 * 60_000, isReadyByEvent: false },
  startLabel: 'Start a lab: choose image and size…',
  chooseButton: 'Choose Image and Size…',
  restartLabel: 'Restart with another image or size…',
  otherSizeButton: 'Restart Lab with Another Size…',
  usualLabel: 'Start my usual lab',
  keyHint:
    'The public part of the token, by which the token page of the site lists it. Its secret part is never shown.',
};

const HUB: Manners = {
  recommendedScopes: [],
  // Each hub has limits of its own, some of them of hours, and tells when they are over.
  starts: { longestStartMs: Infinity, isReadyByEvent: true },
  startLabel: 'Start your server…',
  chooseButton: 'Start…',
  restartLabel: 'Restart with other choices…',
  otherSizeButton: 'Restart Server with Other Choices…',
  usualLabel: 'Start as last time',
  keyHint: 'What the hub calls the token. The token itself is never shown.',
};

const MANNERS: Readonly<Record<SiteKind, Manners>> = { rsp: RSP, hub: HUB };

export function mannersOf(site: OfKind): Manners {
  return MANNERS[site.kind];
}
