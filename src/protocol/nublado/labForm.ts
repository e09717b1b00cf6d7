import { parse, type HTMLElement } from 'node-html-parser';
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
      /** Pre-pulled images first, the recommended one at the head, then all others. */
      readonly images: readonly OfferedImage[];
      readonly defaultImage: string | undefined;
      readonly sizes: readonly OfferedSize[];
      readonly defaultSize: string | undefined;
      readonly hasDebugOption: boolean;
      readonly hasResetOption: boolean;
    }
  | { readonly kind: 'unavailable' };

/**
 * Reads the lab form, which is the only place where ordinary people can see the image menu.
 *
 * @returns undefined when the text is no lab form at all.
 */
export function readLabForm(html: string): LabForm | undefined {
  const root = parse(html);
  const sizes = inputs(root, 'size').map((input) => toSize(input, root));
  const menu = inputs(root, 'image_list').filter((input) => valueOf(input) !== DROPDOWN_SENTINEL);
  const images = new Map<string, OfferedImage>();
  for (const input of menu) {
    const reference = valueOf(input);
    images.set(reference, { reference, name: labelOf(input, root) || reference, isPrepulled: true });
  }
  for (const option of root.querySelectorAll('select[name="image_dropdown"] option')) {
    const reference = valueOf(option);
    if (!reference || isListed(images, reference)) continue;
    images.set(reference, { reference, name: textOf(option) || reference, isPrepulled: false });
  }
  if (images.size === 0 || sizes.length === 0) {
    return /notebooks\s+unavailable/i.test(root.textContent) ? { kind: 'unavailable' } : undefined;
  }
  const checkedImage = menu.find(isChecked);
  const checkedSize = inputs(root, 'size').find(isChecked);
  return {
    kind: 'offer',
    images: [...images.values()],
    defaultImage: checkedImage ? valueOf(checkedImage) : undefined,
    sizes,
    // A site's default may exceed this person's quota and be left out; then the first that is offered serves.
    defaultSize: checkedSize ? valueOf(checkedSize) : sizes[0]?.value,
    hasDebugOption: inputs(root, 'enable_debug').length > 0,
    hasResetOption: inputs(root, 'reset_user_env').length > 0,
  };
}

/** The drop-down list repeats the menu's images, without the digest when the site does not know it. */
function isListed(images: ReadonlyMap<string, OfferedImage>, reference: string): boolean {
  if (images.has(reference)) return true;
  if (reference.includes('@')) return false;
  for (const known of images.keys()) if (known.split('@')[0] === reference) return true;
  return false;
}

function inputs(root: HTMLElement, name: string): HTMLElement[] {
  return root.querySelectorAll(`input[name="${name}"]`);
}

function valueOf(element: HTMLElement): string {
  return element.getAttribute('value') ?? '';
}

function isChecked(element: HTMLElement): boolean {
  return element.hasAttribute('checked');
}

function textOf(element: HTMLElement): string {
  return element.textContent.replace(/\s+/g, ' ').trim();
}

function labelOf(input: HTMLElement, root: HTMLElement): string {
  const id = input.getAttribute('id');
  const label = root.querySelectorAll('label').find((candidate) => candidate.getAttribute('for') === id);
  return label ? textOf(label) : '';
}

/** Reads labels such as "Large (4.0 CPU, 32Gi RAM)"; the numbers are for display and stay unknown when they do not fit. */
function toSize(input: HTMLElement, root: HTMLElement): OfferedSize {
  const value = valueOf(input);
  const label = labelOf(input, root) || value;
  const parts = /^(.*?)\s*\(\s*([\d.]+)\s*CPU\s*,\s*([\d.]+)\s*(Ki|Mi|Gi|Ti)B?\s*RAM\s*\)$/i.exec(label);
  const gibPer: Readonly<Record<string, number>> = { ki: 1 / 1024 ** 2, mi: 1 / 1024, gi: 1, ti: 1024 };
  const factor = gibPer[parts?.[4]?.toLowerCase() ?? ''];
  return {
    value,
    name: parts?.[1] ?? label,
    cpuCores: parts ? Number(parts[2]) : undefined,
    memoryGib: parts && factor !== undefined ? Number(parts[3]) * factor : undefined,
  };
}
