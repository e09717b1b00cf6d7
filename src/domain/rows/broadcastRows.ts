import type { Broadcast } from '../../protocol/semaphore/schemas';
import type { Row } from './row';

const CATEGORIES: Readonly<Record<Broadcast['category'], { readonly icon: string; readonly name: string }>> =
  {
    outage: { icon: 'warning', name: 'Outage' },
    notice: { icon: 'bell', name: 'Notice' },
    info: { icon: 'megaphone', name: 'News' },
  };

/** The most urgent first. */
const ORDER: readonly Broadcast['category'][] = ['outage', 'notice', 'info'];

/** What the people who run a site have to say, one row for each message; the whole of it is in the tooltip. */
export function broadcastRows(accountId: string, broadcasts: readonly Broadcast[]): readonly Row[] {
  const byUrgency = broadcasts.toSorted(
    (one, other) => ORDER.indexOf(one.category) - ORDER.indexOf(other.category),
  );
  return byUrgency.map(({ id, summary, body, category }) => {
    const { icon, name } = CATEGORIES[category];
    const words = toPlainText(summary);
    return {
      id: `${accountId}/broadcast/${id}`,
      label: words,
      spoken: `${name} of the site: ${words}`,
      tip: {
        title: `${name} of the site`,
        blocks: [],
        markdown: body === '' ? summary : `${summary}\n\n${body}`,
      },
      icon,
      context: 'rsp.broadcast',
    };
  });
}

/** Markdown without its marks, on one line; a link keeps its words. */
export function toPlainText(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
