import type { Site } from '../sites/site';
import { stillOffered, tagOf, toChoice, type LabChoice, type LabOffer } from '../lab/labMenu';
import { ProblemError } from '../problems/problems';
import { ToolError } from './toolError';

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
  menu: LabOffer,
  { image, size }: LabWanted,
  last: LabChoice | undefined,
  { name: siteName }: Pick<Site, 'name'>,
): LabChoice {
  if (menu.kind === 'spawnPage') return last ?? nothingToKnow();
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

/** A hub tells what there is to choose only on the way to a start, which is for people. */
function nothingToKnow(): never {
  throw new ToolError(
    'What there is to choose at this hub is not known here. Ask the person to start the server once with the command "Start Server"; after that it can be started as it was.',
  );
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}
