import type { LabForm, OfferedImage, OfferedSize } from '../../../../src/protocol/nublado/labForm';

/** What a form is to offer. */
export interface FormModel {
  readonly menu: readonly OfferedImage[];
  readonly dropdown: readonly OfferedImage[];
  readonly sizes: readonly OfferedSize[];
  readonly checkedImage: number | undefined;
  readonly checkedSize: number | undefined;
  readonly hasDebugOption: boolean;
  readonly hasResetOption: boolean;
}

const SENTINEL = 'use_image_from_dropdown';
/** What a later site may put anywhere into its form, none of which is an offer. */
const STRANGERS = [
  '<!-- <input name="size" value="no"> -->',
  '<script>document.write("<option value=no>")</script>',
  '<style>td > input { color: red }</style>',
  '<input type=hidden name=gpu value=1>',
  '<input name="size" value="no" disabled>',
  '<select name=partition><option value=no selected>No<option>No</select>',
  '<p>1 < 2 &amp; 3',
  '<label for=nothing>No</label>',
  '<br/>',
  '\n\n',
];

export function expectedOf(model: FormModel): LabForm {
  const image = model.checkedImage === undefined ? undefined : model.menu[model.checkedImage];
  const size = model.checkedSize === undefined ? undefined : model.sizes[model.checkedSize];
  return {
    kind: 'offer',
    images: [...model.menu, ...model.dropdown],
    defaultImage: image?.reference,
    sizes: model.sizes,
    defaultSize: (size ?? model.sizes[0])?.value,
    hasDebugOption: model.hasDebugOption,
    hasResetOption: model.hasResetOption,
  };
}

/** Writes a form in one of the many ways that HTML allows; the same `style` always gives the same text. */
export function writeForm(model: FormModel, style: number): string {
  return new FormWriter(style).write(model);
}

class FormWriter {
  #state: number;

  constructor(style: number) {
    this.#state = style | 0;
  }

  write({ menu, dropdown, sizes, checkedImage, checkedSize, ...options }: FormModel): string {
    const repeated = menu
      .filter(() => this.#maybe())
      .map((image) => (this.#maybe() ? image : withoutDigest(image)));
    const listed = this.#maybe() ? [...repeated, ...dropdown] : [...dropdown, ...repeated];
    return [
      ...menu.map(({ reference, name }, index) =>
        this.#input('image_list', reference, name, `image${index + 1}`, index === checkedImage),
      ),
      this.#input('image_list', SENTINEL, 'Select uncached image (slower start):', SENTINEL, false),
      `${this.#open('select', [
        ['name', 'image_dropdown'],
        ['onchange', 'selectDropdown()'],
      ])}${listed.map((image) => this.#option(image)).join(this.#space())}</select>`,
      ...sizes.map((size, index) =>
        this.#input('size', size.value, labelOf(size), size.value, index === checkedSize),
      ),
      options.hasDebugOption
        ? this.#input('enable_debug', 'true', 'Enable debug logs', 'enable_debug', false)
        : '',
      options.hasResetOption ? this.#input('reset_user_env', 'true', 'Reset', 'reset_user_env', false) : '',
    ]
      .map((part) => (this.#maybe(4) ? this.#pick(STRANGERS) : '') + this.#space() + part)
      .join('');
  }

  #option({ reference, name }: OfferedImage): string {
    const text = this.#space() + this.#escaped(name) + this.#space();
    return this.#open('option', [['value', reference]]) + text + (this.#maybe() ? '</option>' : '');
  }

  #input(name: string, value: string, label: string, id: string, isChecked: boolean): string {
    const checked: [string, string][] = isChecked ? [['checked', this.#pick(['', 'checked'])]] : [];
    const attributes: readonly [string, string][] = [
      ['type', 'radio'],
      ['name', name],
      ['value', value],
      ...checked,
    ];
    const text = this.#space() + this.#escaped(label) + this.#space();
    if (this.#maybe(4)) return `<label>${this.#open('input', attributes)}${text}</label>`;
    const input = this.#open('input', [...attributes, ['id', id]]);
    const named = `${this.#open('label', [['for', id]])}${text}</${this.#cased('label')} >`;
    return this.#maybe(4) ? named + input : input + this.#space() + named;
  }

  #open(tag: string, attributes: readonly (readonly [string, string])[]): string {
    const written = [...attributes]
      .sort(() => this.#below(3) - 1)
      .map(([name, value]) => ` ${this.#space()}${this.#cased(name)}${this.#value(value)}`);
    return `<${this.#cased(tag)}${written.join('')}${this.#pick(['', ' ', ' /'])}>`;
  }

  #value(value: string): string {
    if (value === '' && this.#maybe()) return '';
    if (/^[^\s"'=<>`&/]+$/.test(value) && this.#maybe(3)) return `=${value}`;
    const quote = this.#pick(['"', "'"]);
    return `${this.#space()}=${this.#space()}${quote}${this.#escaped(value)}${quote}`;
  }

  #escaped(text: string): string {
    return text.replace(/[&<>"']/g, (sign) =>
      this.#maybe() ? `&#${sign.charCodeAt(0)};` : `&#x${sign.charCodeAt(0).toString(16)};`,
    );
  }

  #space(): string {
    return this.#pick(['', '', ' ', '\n  ', '\t']);
  }

  #cased(name: string): string {
    return this.#maybe(5) ? name.toUpperCase() : name;
  }

  #maybe(oneIn = 2): boolean {
    return this.#below(oneIn) === 0;
  }

  #pick<T>(of: readonly [T, ...T[]] | readonly T[]): T {
    return of[this.#below(of.length)] as T;
  }

  /** The next number of mulberry32. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

function withoutDigest(image: OfferedImage): OfferedImage {
  return { ...image, reference: image.reference.replace(/@.*$/, '') };
}

function labelOf({ name, cpuCores, memoryGib }: OfferedSize): string {
  if (cpuCores === undefined || memoryGib === undefined) return name;
  return `${name} (${cpuCores.toFixed(2)} CPU, ${memoryGib}Gi RAM)`;
}
