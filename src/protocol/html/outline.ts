import { isBlock, OpenElements } from './elements';
import type { FormOutline, LabelTexts, OutlineControl, OutlineOption } from './outlineShape';
import { oneLine } from './text';
import { readTokens, type HtmlToken } from './tokens';

type OpenToken = Extract<HtmlToken, { kind: 'open' }>;
type Attributes = ReadonlyMap<string, string>;

interface Inherited {
  readonly isHidden: boolean;
  readonly isDisabled: boolean;
  readonly weight: keyof LabelTexts;
  readonly label: LabelDraft | undefined;
  readonly group: { legend: string } | undefined;
  readonly isLegend: boolean;
  readonly isHeading: boolean;
}

interface LabelDraft {
  readonly texts: LabelTexts;
  readonly for: string | undefined;
  hasControl: boolean;
}

type ControlDraft = {
  -readonly [Key in keyof Omit<OutlineControl, 'options' | 'legend' | 'label'>]: OutlineControl[Key];
} & {
  readonly options: OptionDraft[];
  readonly around: LabelDraft | undefined;
  readonly group: Inherited['group'];
};
type OptionDraft = { -readonly [Key in keyof OutlineOption]: OutlineOption[Key] } & { hasValue: boolean };

const OUTERMOST: Inherited = {
  isHidden: false,
  isDisabled: false,
  weight: 'plain',
  label: undefined,
  group: undefined,
  isLegend: false,
  isHeading: false,
};
const HEADING = /^h[1-6]$/;
const HIDDEN_CLASS = /(?:^|\s)(?:hidden|d-none|hide|invisible|collapse(?!\s+(?:show|in)\b))(?:\s|$)/i;
const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden/i;
const HINT_CLASS = /(?:^|\s)(?:help-block|form-text|text-muted|help-text|hint|description)(?:\s|$)/i;
/** Elements that only mean something to people who can see or to scripts. */
const SCRIPTED = /^(?:script|iframe|object|canvas|[a-z]+-[a-z-]+)$/;

/** Reads what stands within the first form that `isWanted`; undefined when there is none. */
export function readOutline(
  html: string,
  isWanted: (attributes: Attributes) => boolean,
): FormOutline | undefined {
  let reader: OutlineReader | undefined;
  for (const token of readTokens(html)) {
    if (reader) {
      if (token.kind === 'close' && token.name === 'form') break;
      reader.take(token);
    } else if (token.kind === 'open' && token.name === 'form' && isWanted(token.attributes))
      reader = new OutlineReader(token.attributes);
  }
  return reader?.end();
}

class OutlineReader {
  readonly #attributes: Attributes;
  readonly #elements: OpenElements<Inherited>;
  readonly #controls: ControlDraft[] = [];
  readonly #labelsFor = new Map<string, LabelTexts>();
  readonly #suggestions = new Map<string, string[]>();
  /** Many controls stand under one heading, and each text is looked at once. */
  readonly #lines = new Map<string, string>();
  #hasScript = false;
  #heading = '';
  /** The line that is being read, and the last one before it that said something. */
  #line = '';
  #lineBefore = '';
  #isOnLineOfControl = false;
  #select: ControlDraft | undefined;
  #optgroup: { readonly label: string; readonly isDisabled: boolean } | undefined;
  #option: OptionDraft | undefined;
  #button: ControlDraft | undefined;
  #suggesting: string[] | undefined;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
    this.#elements = new OpenElements(OUTERMOST, ({ name, inherits }) => this.#closed(name, inherits));
  }

  take(token: HtmlToken): void {
    if (token.kind === 'text') this.#text(token.text);
    else if (token.kind === 'open') this.#open(token);
    else this.#close(token.name);
  }

  end(): FormOutline {
    this.#elements.closeAll();
    return {
      attributes: this.#attributes,
      controls: this.#controls.map((draft) => this.#toControl(draft)),
      suggestions: this.#suggestions,
      hasScript: this.#hasScript,
    };
  }

  #toControl({ around, group, options, ...draft }: ControlDraft): OutlineControl {
    const [id, name] = [draft.attributes.get('id'), draft.attributes.get('name')];
    // A label may name a control by its name, which no browser follows, and every reader does.
    const named = [id, name].map((key) => (key === undefined ? undefined : this.#labelsFor.get(key)));
    const label = named.find((texts) => texts !== undefined) ?? around?.texts;
    const line = (text: string): string => this.#toLine(text);
    return {
      ...draft,
      content: draft.tag === 'textarea' ? draft.content : line(draft.content),
      label: label && { strong: line(label.strong), plain: line(label.plain), hint: line(label.hint) },
      before: line(draft.before),
      after: line(draft.after),
      hint: line(draft.hint),
      legend: line(group?.legend ?? ''),
      heading: line(draft.heading),
      options: options.map(({ hasValue, ...option }) => {
        const text = oneLine(option.label);
        return { ...option, label: text, value: hasValue ? option.value : text };
      }),
    };
  }

  #toLine(text: string): string {
    const known = this.#lines.get(text);
    if (known !== undefined) return known;
    const line = oneLine(text);
    this.#lines.set(text, line);
    return line;
  }

  #text(text: string): void {
    if (this.#option) this.#option.label += text;
    else if (this.#button) this.#button.content += text;
    if (this.#option ?? this.#button ?? this.#select) return;
    const { label, group, weight, isLegend, isHeading } = this.#elements.here;
    if (label) label.texts[weight] += text;
    else if (isLegend) {
      if (group) group.legend += text;
    } else if (isHeading) this.#heading += text;
    else this.#looseText(text, weight);
  }

  #looseText(text: string, weight: keyof LabelTexts): void {
    const last = this.#controls.at(-1);
    if (weight === 'hint') {
      // What appears by and by belongs to what appears with it.
      if (last && last.isHidden === this.#elements.here.isHidden) last.hint += ` ${text}`;
      return;
    }
    this.#line += text;
    if (last && this.#isOnLineOfControl) last.after += text;
  }

  #break(): void {
    if (this.#line.trim() !== '') this.#lineBefore = this.#line;
    this.#line = '';
    this.#isOnLineOfControl = false;
    const { label, weight } = this.#elements.here;
    if (label) label.texts[weight] += ' ';
  }

  #open(token: OpenToken): void {
    const { name, attributes } = token;
    if (SCRIPTED.test(name)) this.#hasScript = true;
    if (name === 'option') this.#openOption(attributes);
    else if (name === 'optgroup')
      this.#optgroup = {
        label: oneLine(attributes.get('label') ?? ''),
        isDisabled: attributes.has('disabled'),
      };
    else if (name === 'datalist') {
      this.#suggesting = [];
      this.#suggestions.set(attributes.get('id') ?? '', this.#suggesting);
    }
    if (this.#select && name !== 'select' && name !== 'input' && name !== 'textarea') return;
    if (isBlock(name)) this.#break();
    if (HEADING.test(name) && !this.#elements.here.label) this.#heading = '';
    this.#elements.open(token, (here) => inherited(token, here));
    if (name === 'input' || name === 'select' || name === 'textarea' || name === 'button')
      this.#addControl(name, token);
  }

  #close(name: string): void {
    if (name === 'option') this.#option = undefined;
    else if (name === 'optgroup') this.#optgroup = undefined;
    else if (name === 'datalist') this.#suggesting = undefined;
    else if (name === 'button') this.#button = undefined;
    if (name === 'select') this.#endSelect();
    if (this.#select) return;
    if (isBlock(name)) this.#break();
    this.#elements.close(name);
  }

  #endSelect(): void {
    this.#select = this.#option = this.#optgroup = undefined;
  }

  #addControl(tag: OutlineControl['tag'], { attributes, content }: OpenToken): void {
    this.#endSelect();
    const here = this.#elements.here;
    const last = this.#controls.at(-1);
    if (last && this.#isOnLineOfControl) last.isFollowed = true;
    const draft: ControlDraft = {
      tag,
      attributes,
      options: [],
      content: content ?? '',
      isHidden: here.isHidden || isHidden(attributes),
      isDisabled: here.isDisabled || attributes.has('disabled'),
      around: here.label && !here.label.hasControl ? here.label : undefined,
      before: this.#line.trim() === '' ? this.#lineBefore : this.#line,
      after: '',
      isFollowed: false,
      hint: '',
      group: here.group,
      heading: this.#heading,
    };
    if (attributes.get('type')?.toLowerCase() !== 'hidden') {
      if (here.label) here.label.hasControl = true;
      this.#line = this.#lineBefore = '';
      this.#isOnLineOfControl = true;
    }
    this.#controls.push(draft);
    if (tag === 'select') this.#select = draft;
    if (tag === 'button') this.#button = draft;
  }

  #openOption(attributes: Attributes): void {
    const value = attributes.get('value');
    if (this.#suggesting) {
      if (value !== undefined) this.#suggesting.push(value);
      return;
    }
    this.#option = {
      value: value ?? '',
      hasValue: value !== undefined,
      label: attributes.get('label') ?? '',
      group: this.#optgroup?.label ?? '',
      hint: oneLine(attributes.get('title') ?? ''),
      isSelected: attributes.has('selected'),
      isDisabled: attributes.has('disabled') || this.#optgroup?.isDisabled === true,
    };
    this.#select?.options.push(this.#option);
  }

  /** What a label said counts once it has ended, since only then it is known whether it is around a control. */
  #closed(name: string, { label }: Inherited): void {
    if (name !== 'label' || !label) return;
    if (label.for !== undefined && label.for !== '') {
      if (!this.#labelsFor.has(label.for)) this.#labelsFor.set(label.for, label.texts);
    } else if (!label.hasControl) {
      this.#break();
      this.#line = `${label.texts.strong} ${label.texts.plain}`;
      this.#break();
    }
  }
}

function inherited({ name, attributes }: OpenToken, here: Inherited): Inherited {
  const weight = weightOf(name, attributes) ?? here.weight;
  const isHidingItself = isHidden(attributes);
  return {
    isHidden: here.isHidden || isHidingItself,
    isDisabled: here.isDisabled || (name === 'fieldset' && attributes.has('disabled')),
    weight: here.weight === 'hint' ? 'hint' : weight,
    label:
      name === 'label'
        ? { texts: { strong: '', plain: '', hint: '' }, for: attributes.get('for'), hasControl: false }
        : here.label,
    group: name === 'fieldset' ? { legend: '' } : here.group,
    isLegend: here.isLegend || name === 'legend',
    isHeading: here.isHeading || HEADING.test(name),
  };
}

function weightOf(tag: string, attributes: Attributes): keyof LabelTexts | undefined {
  if (tag === 'small' || HINT_CLASS.test(attributes.get('class') ?? '')) return 'hint';
  return tag === 'strong' || tag === 'b' || HEADING.test(tag) ? 'strong' : undefined;
}

function isHidden(attributes: Attributes): boolean {
  return (
    attributes.has('hidden') ||
    HIDDEN_CLASS.test(attributes.get('class') ?? '') ||
    HIDDEN_STYLE.test(attributes.get('style') ?? '')
  );
}
