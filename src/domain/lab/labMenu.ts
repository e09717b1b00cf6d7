import { DROPDOWN_SENTINEL } from '../../protocol/nublado/fields';
import type { LabForm, OfferedImage, OfferedSize } from '../../protocol/nublado/labForm';
import type { JupyterHubClient, StartAnswer, StartOptions } from '../../protocol/jupyterhub/client';
import type { OptionsAnswers } from '../../protocol/jupyterhub/optionsBody';
import type { UserStatus } from '../../protocol/nublado/schemas';

/** What a site offers for a new lab, the first image being the recommended one. */
export type LabMenu = Extract<LabForm, { kind: 'offer' }>;

/** What there is to choose for a new lab; a hub without a menu says so on its own page, to who is signed in there. */
export type LabOffer = LabMenu | { readonly kind: 'spawnPage' };

/** Image and size that a person chose for a lab. */
export interface ImageChoice {
  readonly kind?: undefined;
  readonly imageReference: string;
  readonly imageName: string;
  readonly isPrepulled: boolean;
  readonly size: string;
  readonly sizeName: string;
  readonly isDebug: boolean;
  readonly resetsEnvironment: boolean;
}

/** What a hub starts a lab with whose choices are its own; nothing stands for its defaults. */
export interface FormChoice {
  readonly kind: 'form';
  /** As a person reads it, such as `gpu, 4 hours`; empty for the hub's defaults. */
  readonly name: string;
  readonly options: StartOptions;
  /** What was answered in the hub's form, where that was done here. */
  readonly answers?: OptionsAnswers;
}

/** What a person chose for a lab. */
export type LabChoice = ImageChoice | FormChoice;

/** Such as `Weekly 2026_30, Large`. */
export function choiceName(choice: LabChoice): string {
  if (choice.kind === 'form') return choice.name || 'the default server';
  return `${choice.imageName}, ${choice.sizeName}`;
}

/** Asks the hub for the lab that was chosen. */
export function startAs(
  choice: LabChoice,
  hub: Pick<JupyterHubClient, 'startServer'>,
  signal: AbortSignal,
): Promise<StartAnswer> {
  return hub.startServer(choice.kind === 'form' ? choice.options : toStartOptions(choice), signal);
}

/** The fields of the site's form for a choice; the same names serve the API. */
export function toStartOptions(choice: ImageChoice): Readonly<Record<string, string>> {
  const image = choice.isPrepulled
    ? { image_list: choice.imageReference }
    : { image_list: DROPDOWN_SENTINEL, image_dropdown: choice.imageReference };
  return {
    ...image,
    size: choice.size,
    ...(choice.isDebug ? { enable_debug: 'true' } : {}),
    ...(choice.resetsEnvironment ? { reset_user_env: 'true' } : {}),
  };
}

export function toChoice(image: OfferedImage, size: OfferedSize): ImageChoice {
  return {
    imageReference: image.reference,
    imageName: image.name,
    isPrepulled: image.isPrepulled,
    size: size.value,
    sizeName: size.name,
    isDebug: false,
    resetsEnvironment: false,
  };
}

/**
 * A remembered choice as the menu offers it now, or undefined when image or size are gone.
 *
 * Resetting the environment is never carried over: it is a remedy for once.
 */
export function stillOffered(last: LabChoice | undefined, menu: LabMenu): ImageChoice | undefined {
  if (!last || last.kind === 'form') return undefined;
  const image = menu.images.find((offered) => offered.reference === last.imageReference);
  const size = menu.sizes.find((offered) => offered.value === last.size);
  return image && size ? { ...toChoice(image, size), isDebug: last.isDebug } : undefined;
}

/** What a lab runs with, as the menu offers it now; undefined when it offers image or size no more. */
export function sameAgain(details: UserStatus | undefined, menu: LabMenu): ImageChoice | undefined {
  if (details?.imageReference === undefined) return undefined;
  const running = details.imageReference;
  const image =
    menu.images.find(({ reference }) => reference === running) ??
    menu.images.find(({ reference }) => isSameImage(reference, running));
  const size = menu.sizes.find(({ value }) => value === details.size);
  return image && size ? { ...toChoice(image, size), isDebug: details.isDebug } : undefined;
}

/** Names of images move, digests do not. */
export function isSameImage(one: string, other: string): boolean {
  const [digest, otherDigest] = [one, other].map((reference) => /@(.+)$/.exec(reference)?.[1]);
  return digest !== undefined && otherDigest !== undefined ? digest === otherDigest : one === other;
}

/** A size in words, such as `4 CPU, 16 GiB`. */
export function describeSize(size: OfferedSize): string {
  if (size.cpuCores === undefined || size.memoryGib === undefined) return '';
  return `${size.cpuCores} CPU, ${size.memoryGib} GiB memory`;
}

/** A short name for a docker reference: its tag. */
export function tagOf(reference: string): string {
  return /:([^:@/]+)(?:@|$)/.exec(reference)?.[1] ?? reference;
}
