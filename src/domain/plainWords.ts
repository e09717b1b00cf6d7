/** The editor makes links of Markdown also in its notifications; words of a server are shown, never run. */
export function withoutLinks(words: string): string {
  return words.replaceAll('](', '] (');
}
