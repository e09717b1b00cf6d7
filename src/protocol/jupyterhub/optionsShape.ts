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

export interface ReadFields {
  readonly fields: readonly OptionsField[];
  readonly hidden: readonly (readonly [string, string])[];
  readonly leftOut: readonly string[];
}

export type FieldWords = Pick<OptionsField, 'label' | 'description'>;

export type FieldStart = FieldWords & Pick<OptionsField, 'id' | 'name' | 'group' | 'isRequired' | 'isTucked'>;
