type Attributes = ReadonlyMap<string, string>;

/** Text of a label, by how it stands out. */
export interface LabelTexts {
  /** Headings and bold text. */
  strong: string;
  plain: string;
  /** Small print. */
  hint: string;
}

export interface OutlineOption {
  /** As it is sent, to the letter. */
  readonly value: string;
  readonly label: string;
  readonly group: string;
  readonly hint: string;
  readonly isSelected: boolean;
  readonly isDisabled: boolean;
}

/** A control of a form, with all that stands around it. */
export interface OutlineControl {
  readonly tag: 'input' | 'select' | 'textarea' | 'button';
  readonly attributes: Attributes;
  readonly options: readonly OutlineOption[];
  /** What a text area holds, or what is written on a button. */
  readonly content: string;
  /** Whether the page comes with it out of sight, until a script shows it. */
  readonly isHidden: boolean;
  readonly isDisabled: boolean;
  /** The label that names it, or is around it. */
  readonly label: LabelTexts | undefined;
  /** The text before it on its line or the one above, back to the control before. */
  readonly before: string;
  /** The text behind it on its line. */
  readonly after: string;
  /** Whether another control follows on the line: then the text between them may belong to that. */
  readonly isFollowed: boolean;
  readonly hint: string;
  /** Legend of the fields that it stands among. */
  readonly legend: string;
  /** The last heading before it. */
  readonly heading: string;
}

export interface FormOutline {
  readonly attributes: Attributes;
  readonly controls: readonly OutlineControl[];
  /** Suggestions for what is typed, by the id that a control names as its `list`. */
  readonly suggestions: ReadonlyMap<string, readonly string[]>;
  /** Whether a script could put something in its place. */
  readonly hasScript: boolean;
}
