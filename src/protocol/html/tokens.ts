import { decodeHTML, decodeHTMLAttribute } from 'entities/decode';

/** What the reading of HTML comes upon; names are in lower case, entities decoded. */
export type HtmlToken =
  | {
      readonly kind: 'open';
      readonly name: string;
      /** Of an attribute that is given twice the first counts; one without a value has the empty string. */
      readonly attributes: ReadonlyMap<string, string>;
      /** What a text area comes with, as people see it. */
      readonly content?: string;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const TAG = /<(\/?)([a-z][^\s/>]*)/iy;
const BEFORE_ATTRIBUTE = /[\s/]*/y;
/** A name, which may begin with the equals sign, and that sign after it, when a value follows. */
const ATTRIBUTE = /([^\s/>][^\s/>=]*)(?:\s*(=)\s*)?/y;
const UNQUOTED = /[^\s>]*/y;
/** Elements whose content is neither markup nor text for anybody to read. */
const OPAQUE: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'textarea', 'title'].map((name) => [name, new RegExp(`</${name}(?=[\\s/>])`, 'gi')]),
);

/**
 * Reads HTML from front to back, once, whatever it holds: the time grows with its length alone, and no depth of nesting
 * is too deep, since nothing is kept. A tag that has no end ends the reading, as it does for browsers.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tokenization
 */
export function* readTokens(html: string): Generator<HtmlToken, void> {
  let at = 0;
  while (at < html.length) {
    const markup = html.indexOf('<', at);
    const end = markup < 0 ? html.length : markup;
    if (end > at) yield { kind: 'text', text: decoded(html.slice(at, end), decodeHTML) };
    if (markup < 0) return;
    const [all, slash, written = ''] = match(TAG, html, markup) ?? [];
    if (all === undefined) {
      const isMarkup = /[!?/]/.test(html.charAt(markup + 1));
      if (!isMarkup) yield { kind: 'text', text: '<' };
      at = isMarkup ? endOfComment(html, markup) : markup + 1;
      continue;
    }
    const name = written.toLowerCase();
    const rest = readAttributes(html, markup + all.length);
    if (!rest) return;
    at = slash ? rest.end : endOfContent(html, name, rest.end);
    if (slash) yield { kind: 'close', name };
    else {
      const content =
        name === 'textarea' ? { content: decoded(html.slice(rest.end, at), decodeHTML) } : undefined;
      yield { kind: 'open', name, attributes: rest.attributes, ...content };
    }
  }
}

/** The attributes from `at` to the end of the tag; undefined when it has none. */
function readAttributes(
  html: string,
  at: number,
): { readonly attributes: ReadonlyMap<string, string>; readonly end: number } | undefined {
  const attributes = new Map<string, string>();
  for (;;) {
    at += match(BEFORE_ATTRIBUTE, html, at)?.[0].length ?? 0;
    if (at >= html.length) return undefined;
    if (html.charAt(at) === '>') return { attributes, end: at + 1 };
    const [all = '', name = '', hasValue] = match(ATTRIBUTE, html, at) ?? [];
    at += all.length;
    let value = '';
    if (hasValue !== undefined) {
      const quote = html.charAt(at);
      if (quote === '"' || quote === "'") {
        const end = html.indexOf(quote, at + 1);
        if (end < 0) return undefined;
        value = html.slice(at + 1, end);
        at = end + 1;
      } else {
        value = match(UNQUOTED, html, at)?.[0] ?? '';
        at += value.length;
      }
    }
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decoded(value, decodeHTMLAttribute));
  }
}

function endOfComment(html: string, start: number): number {
  const mark = html.startsWith('<!--', start) ? '-->' : '>';
  const end = html.indexOf(mark, start + 2);
  return end < 0 ? html.length : end + mark.length;
}

/** Where reading goes on after the start tag: behind the content, where that is opaque. */
function endOfContent(html: string, name: string, at: number): number {
  const closing = OPAQUE.get(name);
  if (!closing) return at;
  closing.lastIndex = at;
  return closing.exec(html)?.index ?? html.length;
}

function match(pattern: RegExp, html: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(html);
}

function decoded(text: string, decode: (text: string) => string): string {
  return text.includes('&') ? decode(text) : text;
}
