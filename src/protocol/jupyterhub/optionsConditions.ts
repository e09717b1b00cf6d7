import type { FormOutline } from '../html/outlineShape';
import type { ChoiceField, OptionsField, OptionsForm, ReadFields } from './optionsShape';
import { readImage } from './optionsTyped';

const PROFILE = 'profile';
const OPTION_PREFIX = 'profile-option-';
/** Names that are longer are nobody's. */
const LONGEST_NAME = 500;
const UNLISTED = 'unlisted-choice';

/**
 * Whose form it is, and which fields depend on others.
 *
 * KubeSpawner shows the options of all profiles at once and takes those of the one that is chosen; its field for what is
 * not in a list has no name until the list says so.
 *
 * @see https://github.com/jupyterhub/kubespawner, templates/form.html
 */
export function withConditions(outline: FormOutline, read: ReadFields): Omit<OptionsForm, 'message'> {
  const profile = read.fields.find(
    (field): field is ChoiceField => field.kind === 'choice' && field.name === PROFILE,
  );
  const isKube = profile !== undefined && isKubeSpawner(outline, read.fields);
  if (!isKube) return { ...read, flavour: isTapis(read.fields) ? 'tapis' : 'plain' };
  const byName = new Map(read.fields.map((field) => [field.name, field]));
  const profiles = new Map(profile.choices.map(({ value, label }) => [value, label]));
  const fields = read.fields.map((field) => {
    if (field === profile) return { ...field, label: 'Profile', group: '' };
    return underList(field, byName) ?? underProfile(field, profile.id, profiles);
  });
  return { ...read, fields, flavour: 'kubespawner' };
}

function isKubeSpawner({ controls }: FormOutline, fields: readonly OptionsField[]): boolean {
  const hasOptions = fields.some(({ name }) => name.startsWith(OPTION_PREFIX));
  const hasItems = controls.some(({ attributes }) => attributes.get('id')?.startsWith('profile-item-'));
  return hasOptions || hasItems;
}

function underProfile(
  field: OptionsField,
  profileId: string,
  profiles: ReadonlyMap<string, string>,
): OptionsField {
  const rest = field.name.startsWith(OPTION_PREFIX) ? field.name.slice(OPTION_PREFIX.length) : '';
  if (rest.length > LONGEST_NAME) return field;
  // A profile's name may begin with another's: the longest is meant.
  for (let end = rest.lastIndexOf('-'); end > 0; end = rest.lastIndexOf('-', end - 1)) {
    const value = rest.slice(0, end);
    const group = profiles.get(value);
    if (group === undefined) continue;
    return { ...field, group, isTucked: false, condition: { fieldId: profileId, value, otherwise: 'sent' } };
  }
  return field;
}

function underList(field: OptionsField, byName: ReadonlyMap<string, OptionsField>): OptionsField | undefined {
  const list = field.name.endsWith(UNLISTED)
    ? byName.get(field.name.slice(0, -UNLISTED.length).replace(/-{1,2}$/, ''))
    : undefined;
  if (!list) return undefined;
  const condition = { fieldId: list.id, value: UNLISTED, otherwise: 'instead' } as const;
  return { ...field, isRequired: true, isTucked: false, condition };
}

/** The hubs of Tapis want to know an image by all that they told about it. */
function isTapis(fields: readonly OptionsField[]): boolean {
  const image = fields.find(({ name }) => name === 'image');
  return (
    image?.kind === 'choice' &&
    image.choices.length > 0 &&
    image.choices.every(({ value }) => readImage(value) !== undefined)
  );
}
