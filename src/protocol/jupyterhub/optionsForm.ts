import type { FormOutline } from '../html/outlineShape';
import { readOutline } from '../html/outline';
import { readText } from '../html/controls';
import { withConditions } from './optionsConditions';
import { readFields } from './optionsFields';
import type { OptionsForm } from './optionsShape';

export type {
  OptionsChoice,
  OptionsCondition,
  ChoiceField,
  ChoicesField,
  SwitchField,
  NumberField,
  TextField,
  OptionsField,
  OptionsForm,
} from './optionsShape';

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
