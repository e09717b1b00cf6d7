import { STATUS_CODES, type ServerResponse } from 'node:http';
import { type Headers, send, sendHtml } from '../http/answers';

const NAMES: Readonly<Record<number, string>> = {
  401: 'Authorization Required',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** The page that NGINX itself answers with: HTML with the status and nothing else. */
export function sendNginxPage(response: ServerResponse, status: number, headers: Headers = {}): void {
  const title = `${status} ${NAMES[status] ?? STATUS_CODES[status] ?? 'Error'}`;
  const body = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
  send(response, status, 'text/html', body, headers);
}

/** What configurable-http-proxy says when the hub behind it is away. */
export function sendHubAwayPage(response: ServerResponse): void {
  sendHtml(
    response,
    503,
    '<!DOCTYPE html><html><head><title>JupyterHub</title></head><body><h1>503 : Service Unavailable</h1>' +
      '<p>Your server appears to be down. Try restarting it from the hub.</p></body></html>',
  );
}
