import type { FormOutline } from '../html/outlineShape';
import { readOutline } from '../html/outline';
import { readText } from '../html/controls';
import { withConditions } from './optionsConditions';
import { readFields } from './optionsFields';

/** One of the things that can be chosen for a field. */
export interface OptionsChoice {
  /** Sent back to the letter. */
  readonly value: string;
  readonly label: string;
  readonly description: string;
  /** What it stands under, if anything. */
  readonly group: string;
}

interface FieldBase {
  /** Told apart by this, since names may repeat. */
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** What it stands under in the form, if anything. */
  readonly group: string;
  readonly isRequired: boolean;
  /** Whether the page shows it only when a script finds reason to. */
  readonly isTucked: boolean;
  /** Only asked while another field has this value. */
  readonly condition?: OptionsCondition;
}

export interface OptionsCondition {
  readonly fieldId: string;
  readonly value: string;
  /**
   * What is sent while it does not hold: what the field comes with, as browsers send whatever they show or hide; nothing;
   * and for `instead`, nothing either, while what holds has this field sent in place of the other.
   */
  readonly otherwise: 'sent' | 'instead';
}

/** One of several; nothing may be chosen at first. */
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly choices: readonly OptionsChoice[];
  readonly chosen: string | undefined;
}

/** Any of several. */
export interface ChoicesField extends FieldBase {
  readonly kind: 'choices';
  readonly choices: readonly OptionsChoice[];
  readonly chosen: readonly string[];
}

export interface SwitchField extends FieldBase {
  readonly kind: 'switch';
  /** Sent when it is on; nothing is sent when it is off. */
  readonly value: string;
  readonly isOn: boolean;
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly value: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The distance between values that are allowed, counted from `min`; undefined when any is. */
  readonly step: number | undefined;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly type:
    'plain' | 'lines' | 'secret' | 'email' | 'url' | 'date' | 'time' | 'datetime-local' | 'month' | 'week';
  readonly value: string;
  readonly placeholder: string;
  /** A regular expression that the whole text has to match. */
  readonly pattern: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly suggestions: readonly string[];
}

export type OptionsField = ChoiceField | ChoicesField | SwitchField | NumberField | TextField;

export interface OptionsForm {
  /** In the order of the page. */
  readonly fields: readonly OptionsField[];
  /** Sent as they are, in the order of the page before all fields. */
  readonly hidden: readonly (readonly [name: string, value: string])[];
  /** What people read for the fields that cannot be answered here, such as files; the form can go without them. */
  readonly leftOut: readonly string[];
  /** Whose form it is, where that is known by its names. */
  readonly flavour: 'kubespawner' | 'tapis' | 'plain';
  /** What the hub says above it, such as why the last start failed. */
  readonly message: string;
}

/** Why a form can be filled in on the hub's own page alone. */
export type UnsupportedReason =
  /** A script makes the fields, or fills them. */
  | 'script'
  /** A file has to be uploaded. */
  | 'file';

/** What a page of a hub has to say about options. */
export type OptionsPage =
  | { readonly kind: 'form'; readonly form: OptionsForm }
  | { readonly kind: 'unsupported'; readonly reason: UnsupportedReason; readonly label: string }
  /** There is no form for options on it. */
  | { readonly kind: 'none' };

/**
 * Reads the page at `hub/spawn`, whatever form the hub has put there.
 *
 * @see https://jupyterhub.readthedocs.io/en/stable/reference/spawners.html#spawner-options-form
 */
export function readOptionsPage(html: string): OptionsPage {
  const outline = readOutline(html, isSpawnForm);
  if (!outline) return { kind: 'none' };
  const obstacle = obstacleIn(outline);
  if (obstacle) return obstacle;
  const read = readFields(outline);
  if (read.fields.length === 0 && outline.hasScript)
    return { kind: 'unsupported', reason: 'script', label: '' };
  return { kind: 'form', form: { ...withConditions(outline, read), message: messageIn(html) } };
}

/** By the name that JupyterHub gives it, or by where it leads when a hub has a template of its own. */
function isSpawnForm(attributes: ReadonlyMap<string, string>): boolean {
  if (attributes.get('id') === 'spawn_form') return true;
  const isPost = attributes.get('method')?.toLowerCase() === 'post';
  return isPost && /(?:^|\/)spawn(?:[/?#]|$)/.test(attributes.get('action') ?? '');
}

function obstacleIn({ controls, hasScript }: FormOutline): OptionsPage | undefined {
  for (const { tag, attributes, options, isDisabled, isHidden, label, before } of controls) {
    if (isDisabled || attributes.get('name') === undefined) continue;
    const words = label?.strong || label?.plain || before;
    if (tag === 'select' && options.length === 0 && hasScript && !isHidden)
      return { kind: 'unsupported', reason: 'script', label: words };
    if (attributes.get('type')?.toLowerCase() === 'file' && attributes.has('required') && !isHidden)
      return { kind: 'unsupported', reason: 'file', label: words };
  }
  return undefined;
}

const MESSAGE = /<(p|div)\b[^>]*\bspawn-error-msg\b[^>]*>([\s\S]*?)<\/\1\s*>/i;

/** JupyterHub's own words about what was wrong with what was sent. */
function messageIn(html: string): string {
  return readText(MESSAGE.exec(html)?.[2] ?? '').replace(/^Error:\s*/, '');
}
