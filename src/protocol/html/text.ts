/** What people read, without the way it was laid out. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
