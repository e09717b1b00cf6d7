import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, type Handler, sendHtml } from '../http/answers';
import type { Leaks } from './leaks';
import type { TokenPage } from './tokenPage';

/** The pages that people see: home, sign-in and the token pages. */
export function webPages(siteName: string, leaks: Leaks, tokenPage: TokenPage): Handler {
  return async ({ message, url }, response) => {
    switch (url.pathname) {
      case '/login':
        login(siteName, leaks, message, response, url);
        return;
      case '/settings/tokens/new':
        await tokenPage.answer(message, url, response);
        return;
      default:
        sendHtml(
          response,
          200,
          page(
            siteName,
            `<p>This is ${escapeHtml(siteName)}, a Science Platform on this computer.</p>${LINK}`,
          ),
        );
    }
  };
}

const LINK = '<p><a href="/settings/tokens/new">Create a token</a></p>';

export function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1f2121}
h1{font-size:1.5rem}label{display:block;margin:.4rem 0}input[type=text],select{font:inherit;padding:.2rem .4rem}
button{font:inherit;padding:.3rem .9rem;cursor:pointer}code{background:#eef1f2;padding:.2rem .4rem;overflow-wrap:anywhere}
</style></head><body><h1>${escapeHtml(title)}</h1>${content}</body></html>
`;
}

/** Where a browser would leave for the identity provider: credentials that come here would have left with it. */
function login(
  siteName: string,
  leaks: Leaks,
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
): void {
  leaks.look(message, url.pathname);
  sendHtml(
    response,
    200,
    page(
      `Sign in to ${siteName}`,
      `<p>A real site would send you to its identity provider from here. This one has none: take a token.</p>${LINK}`,
    ),
  );
}
