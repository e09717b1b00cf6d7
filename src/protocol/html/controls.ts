import { oneLine } from './text';
import { readTokens, type HtmlToken } from './tokens';

/** A choice that a form offers: an input, or an option of a selection. */
export interface FormControl {
  /** The field it sets; several controls of one name are alternatives. */
  readonly name: string;
  /** What is sent for it, without white space around; undefined when the form does not say. */
  readonly value: string | undefined;
  /** What people read, on one line; empty when there is nothing. */
  readonly label: string;
  /** Whether the form comes with it checked or selected. */
  readonly isChosen: boolean;
}

interface Draft extends Omit<FormControl, 'label'> {
  readonly id: string | undefined;
  /** The text of an option, or of a label around an input. */
  text: string;
}

/** The controls of a form in their order, as far as they can be chosen; whatever else there is, is passed over. */
export function readControls(html: string): readonly FormControl[] {
  const reader = new ControlReader();
  for (const token of readTokens(html)) reader.take(token);
  return reader.end();
}

/** What people read, on one line. */
export function readText(html: string): string {
  return oneLine([...readTokens(html)].map((token) => (token.kind === 'text' ? token.text : ' ')).join(''));
}

class ControlReader {
  readonly #drafts: Draft[] = [];
  /** Texts of labels by the id of the control that they belong to. */
  readonly #labels = new Map<string, string>();
  #select: string | undefined;
  #option: Draft | undefined;
  #label: { readonly for: string | undefined; around?: Draft; text: string } | undefined;

  take(token: HtmlToken): void {
    if (token.kind === 'text') {
      if (this.#option) this.#option.text += token.text;
      else if (this.#label) this.#label.text += token.text;
    } else if (token.kind === 'open') this.#open(token.name, token.attributes);
    else this.#close(token.name);
  }

  end(): readonly FormControl[] {
    this.#endLabel();
    return this.#drafts.map(({ name, value, isChosen, id, text }) => ({
      name,
      value,
      label: oneLine((id === undefined ? undefined : this.#labels.get(id)) ?? text),
      isChosen,
    }));
  }

  #open(tag: string, attributes: ReadonlyMap<string, string>): void {
    if (tag === 'input') this.#add(attributes.get('name'), attributes, 'checked');
    else if (tag === 'label') {
      this.#endLabel();
      this.#label = { for: attributes.get('for'), text: '' };
    } else if (tag === 'select') {
      this.#option = undefined;
      this.#select = attributes.get('name');
    } else if (tag === 'option') this.#option = this.#add(this.#select, attributes, 'selected');
    else if (tag === 'optgroup') this.#option = undefined;
  }

  #close(tag: string): void {
    if (tag === 'label') this.#endLabel();
    else if (tag === 'option' || tag === 'select') this.#option = undefined;
    if (tag === 'select') this.#select = undefined;
  }

  #add(
    name: string | undefined,
    attributes: ReadonlyMap<string, string>,
    chosen: 'checked' | 'selected',
  ): Draft | undefined {
    if (name === undefined || attributes.has('disabled')) return undefined;
    const draft: Draft = {
      name,
      value: attributes.get('value')?.trim(),
      isChosen: attributes.has(chosen),
      id: attributes.get('id'),
      text: '',
    };
    this.#drafts.push(draft);
    if (this.#label && this.#label.for === undefined) this.#label.around ??= draft;
    return draft;
  }

  #endLabel(): void {
    const label = this.#label;
    this.#label = undefined;
    if (!label) return;
    if (label.around) label.around.text = label.text;
    else if (label.for !== undefined && !this.#labels.has(label.for)) this.#labels.set(label.for, label.text);
  }
}
