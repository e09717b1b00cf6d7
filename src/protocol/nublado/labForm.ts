import { readControls, readText, type FormControl } from '../html/controls';
import { DROPDOWN_SENTINEL } from './fields';

/** An image as the lab form offers it. */
export interface OfferedImage {
  /** Docker reference, sent back to the site as it is. */
  readonly reference: string;
  readonly name: string;
  /** Whether every node holds it already, so that it starts fast. */
  readonly isPrepulled: boolean;
}

export interface OfferedSize {
  /** Value to send back. */
  readonly value: string;
  readonly name: string;
  readonly cpuCores: number | undefined;
  readonly memoryGib: number | undefined;
}

export type LabForm =
  | {
      readonly kind: 'offer';
      /** Pre-pulled images first, the recommended one at the head, then all others; each reference once. */
      readonly images: readonly OfferedImage[];
      readonly defaultImage: string | undefined;
      /** At least one; each value once. */
      readonly sizes: readonly OfferedSize[];
      readonly defaultSize: string | undefined;
      readonly hasDebugOption: boolean;
      readonly hasResetOption: boolean;
    }
  | { readonly kind: 'unavailable' };

/**
 * Reads the lab form, which is the only place where ordinary people can see the image menu. Fields that it does not
 * know are left alone: a newer site may have more of them.
 *
 * @returns undefined when the text is no lab form at all.
 */
export function readLabForm(html: string): LabForm | undefined {
  const fields = byName(readControls(html));
  const of = (name: string): readonly FormControl[] => fields.get(name) ?? [];
  const images = readImages(of('image_list'), of('image_dropdown'));
  const sizes = readSizes(of('size'));
  if (images.length === 0 || sizes.length === 0) {
    return /notebooks unavailable/i.test(readText(html)) ? { kind: 'unavailable' } : undefined;
  }
  return {
    kind: 'offer',
    images,
    defaultImage: readDefaultImage(of('image_list'), of('image_dropdown')),
    sizes,
    // A site's default may exceed this person's quota and be left out; then the first that is offered serves.
    defaultSize: chosen(of('size')) ?? sizes[0]?.value,
    hasDebugOption: fields.has('enable_debug'),
    hasResetOption: fields.has('reset_user_env'),
  };
}

/** The drop-down list repeats the menu's images, without the digest when the site does not know it. */
function readImages(menu: readonly FormControl[], dropdown: readonly FormControl[]): readonly OfferedImage[] {
  const images: OfferedImage[] = [];
  const listed = new Set<string>();
  const add = ({ value: reference, label }: FormControl, isPrepulled: boolean): void => {
    if (!reference || reference === DROPDOWN_SENTINEL || listed.has(reference)) return;
    listed.add(reference);
    if (isPrepulled) listed.add(withoutDigest(reference));
    images.push({ reference, name: label || reference, isPrepulled });
  };
  for (const control of menu) add(control, true);
  for (const control of dropdown) add(control, false);
  return images;
}

function withoutDigest(reference: string): string {
  const at = reference.indexOf('@');
  return at < 0 ? reference : reference.slice(0, at);
}

function readDefaultImage(
  menu: readonly FormControl[],
  dropdown: readonly FormControl[],
): string | undefined {
  const image = chosen(menu);
  return image === DROPDOWN_SENTINEL ? chosen(dropdown) : image;
}

function readSizes(controls: readonly FormControl[]): readonly OfferedSize[] {
  const sizes = new Map<string, OfferedSize>();
  for (const { value, label } of controls) {
    if (value && !sizes.has(value)) sizes.set(value, toSize(value, label || value));
  }
  return [...sizes.values()];
}

/** Of radio buttons that are all checked browsers take the last. */
function chosen(controls: readonly FormControl[]): string | undefined {
  return controls.findLast(({ isChosen, value }) => isChosen && value)?.value;
}

const SIZE_LABEL = /^(.*?) ?\( ?(\d+(?:\.\d+)?) ?CPU ?, ?(\d+(?:\.\d+)?) ?([KMGTP]i)B? ?RAM ?\)$/i;
const GIB_PER: Readonly<Record<string, number>> = {
  ki: 1 / 1024 ** 2,
  mi: 1 / 1024,
  gi: 1,
  ti: 1024,
  pi: 1024 ** 2,
};

/** Reads labels such as "Large (4.0 CPU, 32Gi RAM)"; the numbers are for display and stay unknown when they do not fit. */
function toSize(value: string, label: string): OfferedSize {
  const [all, name, cpu, memory, unit = ''] = SIZE_LABEL.exec(label) ?? [];
  const gibPer = GIB_PER[unit.toLowerCase()];
  const [cpuCores, memoryGib] = [Number(cpu), Number(memory) * (gibPer ?? NaN)];
  return all !== undefined && Number.isFinite(cpuCores) && Number.isFinite(memoryGib)
    ? { value, name: name || value, cpuCores, memoryGib }
    : { value, name: label, cpuCores: undefined, memoryGib: undefined };
}

function byName(controls: readonly FormControl[]): ReadonlyMap<string, readonly FormControl[]> {
  const fields = new Map<string, FormControl[]>();
  for (const control of controls) {
    const alike = fields.get(control.name);
    if (alike) alike.push(control);
    else fields.set(control.name, [control]);
  }
  return fields;
}
