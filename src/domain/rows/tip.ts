/** One line of what is told of a row: what it is called, and what it is. */
export type TipFact = readonly [label: string, value: string | undefined];

/** What is told to who rests on a row. Words of servers may stand anywhere in it: they are shown, and do nothing. */
export interface Tip {
  readonly title: string;
  /** Paragraphs, and tables of facts. */
  readonly blocks: readonly (string | readonly TipFact[])[];
  /** The only thing in it that can be followed: the page that the row stands for. */
  readonly page?: URL | undefined;
  /** Markdown of the people who run the site, who mean it as such. */
  readonly markdown?: string | undefined;
}

export function tip(title: string, ...blocks: Tip['blocks']): Tip {
  return { title, blocks };
}

/** As Markdown. What has no value is left out, and a table without facts is none. */
export function markdownOf({ title, blocks, page, markdown }: Tip): string {
  return [
    `**${inert(title)}**`,
    ...blocks.map((block) => (typeof block === 'string' ? inert(block) : tableOf(block))),
    ...(page ? [`<${page.href}>`] : []),
    ...(markdown === undefined ? [] : [tame(markdown)]),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Without marks: one line for the title, each paragraph and each fact. */
export function plainTextOf({ title, blocks, page, markdown }: Tip): string {
  return [
    title,
    ...blocks.flatMap((block) =>
      typeof block === 'string' ? [block] : known(block).map(([label, value]) => `${label}: ${value}`),
    ),
    ...(page ? [page.href] : []),
    ...(markdown === undefined ? [] : [markdown]),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function tableOf(facts: readonly TipFact[]): string {
  const rows = known(facts).map(([label, value]) => `| ${inert(label)} | ${inert(value)} |`);
  return rows.length === 0 ? '' : ['| | |', '|:--|:--|', ...rows].join('\n');
}

function known(facts: readonly TipFact[]): readonly (readonly [string, string])[] {
  return facts.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [[label, value]]));
}

/**
 * Words as they are, on one line. Every mark is escaped, those too that make a link of an address or put an icon or HTML
 * in place of words.
 */
export function inert(words: string): string {
  return words.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Markdown in which nothing is fetched by looking at it, and whose links lead to pages only. */
export function tame(markdown: string): string {
  return markdown
    .replace(/!\[([^\]]*)\]\s*(?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/!\[/g, '!\\[')
    .replace(/</g, '\\<')
    .replace(/\]\(\s*(?!\s|https?:\/\/)[^)]*\)/gi, ']')
    .replace(/^(\s*\[[^\]]+\]:)\s*(?!\s|https?:\/\/).*$/gim, '$1');
}
