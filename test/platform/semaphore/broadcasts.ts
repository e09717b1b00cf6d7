import type { Faults } from '../faults';
import { escapeHtml, type Handler, sendJson, sendUnknownPath, sendWrongMethod } from '../http/answers';

export const SEMAPHORE_PATH = '/semaphore';

/** A message of the people who run the site to everybody who uses it. */
export interface BroadcastMessage {
  readonly id: string;
  /** One line of Markdown. */
  readonly summary: string;
  /** More of it, in Markdown. */
  readonly body?: string;
  readonly category?: 'outage' | 'info' | 'notice';
}

/** `/semaphore`: what is to be shown now; Semaphore itself leaves out what is not. */
export function broadcastRoutes(faults: Faults): Handler {
  return (incoming, response) => {
    if (incoming.url.pathname !== `${SEMAPHORE_PATH}/v1/broadcasts`) sendUnknownPath(response);
    else if (incoming.message.method !== 'GET') sendWrongMethod(response, 'GET');
    else sendJson(response, 200, (faults.get('broadcasts') ?? []).map(toWire));
  };
}

function toWire({ id, summary, body, category = 'notice' }: BroadcastMessage): Record<string, unknown> {
  return {
    id,
    summary: formatted(summary),
    body: body === undefined ? null : formatted(body),
    active: true,
    enabled: true,
    stale: false,
    category,
  };
}

/** The original renders the Markdown; nobody here looks at the result. */
function formatted(markdown: string): Record<string, unknown> {
  return { gfm: markdown, html: `<p>${escapeHtml(markdown)}</p>\n` };
}
