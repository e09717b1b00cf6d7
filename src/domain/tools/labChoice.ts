import type { Site } from '../sites/site';
import { stillOffered, tagOf, toChoice, type LabChoice, type LabMenu } from '../lab/labMenu';
import { ProblemError } from '../problems/problems';

/** What is asked for of a new lab; what is left open is as the account chose last time, or as the site suggests. */
export interface LabWanted {
  /** A tag or a name as the list of images has them. */
  readonly image?: string | undefined;
  readonly size?: string | undefined;
}

/**
 * The lab that is meant.
 *
 * @throws {@link ProblemError} `imageUnknown` or `sizeUnknown` when the site does not offer it.
 */
export function wantedLab(
  menu: LabMenu,
  { image, size }: LabWanted,
  last: LabChoice | undefined,
  { name: siteName }: Pick<Site, 'name'>,
): LabChoice {
  const usual = stillOffered(last, menu);
  const imageReference = usual?.imageReference ?? menu.defaultImage ?? menu.images[0]?.reference;
  const offeredImage = menu.images.find(({ reference, name }) =>
    image === undefined
      ? reference === imageReference
      : [reference, tagOf(reference), name].some((known) => isSame(known, image)),
  );
  if (!offeredImage) throw new ProblemError({ kind: 'imageUnknown', siteName });
  const sizeValue = usual?.size ?? menu.defaultSize;
  const offeredSize = menu.sizes.find(({ value, name }) =>
    size === undefined ? value === sizeValue : [value, name].some((known) => isSame(known, size)),
  );
  if (!offeredSize) throw new ProblemError({ kind: 'sizeUnknown', siteName });
  return toChoice(offeredImage, offeredSize);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}
