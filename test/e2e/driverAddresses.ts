import type { BrowserContext } from 'playwright-core';

/** Every address that a page of this context asks for from now on, sockets included. */
export function recordAddresses(context: BrowserContext): ReadonlySet<string> {
  const addresses = new Set<string>();
  context.on('request', (request) => addresses.add(request.url()));
  context.on('page', (page) => {
    page.on('websocket', (socket) => addresses.add(socket.url()));
  });
  return addresses;
}
