import type { Broadcast } from '../../protocol/semaphore/schemas';
import type { Row } from './row';

const ICONS: Readonly<Record<Broadcast['category'], string>> = {
  outage: 'warning',
  notice: 'bell',
  info: 'megaphone',
};

/** What the people who run a site have to say, one row for each message; the whole of it is in the tooltip. */
export function broadcastRows(accountId: string, broadcasts: readonly Broadcast[]): readonly Row[] {
  return broadcasts.map(({ id, summary, body, category }) => ({
    id: `${accountId}/broadcast/${id}`,
    label: toPlainText(summary),
    tooltip: toPlainText(summary),
    markdown: body === '' ? summary : `${summary}\n\n${body}`,
    icon: ICONS[category],
    context: 'rsp.broadcast',
  }));
}

/** Markdown without its marks, on one line; a link keeps its words. */
export function toPlainText(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
