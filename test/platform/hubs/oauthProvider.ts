import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Provider } from './plainHub';

/** A provider that runs. */
export interface RunningProvider extends Provider {
  /** Paths that it was asked for, oldest first. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/**
 * Signs people in with OAuth as GitHub or CILogon do, on a free port: a page asks who they are, and the hub gets a code
 * that it changes for a token, and with that their name. Whoever names themselves is believed.
 */
export async function startOAuthProvider(): Promise<RunningProvider> {
  const provider = new OAuthProvider();
  await provider.start();
  return provider;
}

class OAuthProvider implements RunningProvider {
  readonly clientId = 'the-hub';
  readonly clientSecret = randomBytes(16).toString('hex');
  readonly asked: string[] = [];
  /** Who signed in, by the code or the token that speaks for them. */
  readonly #people = new Map<string, string>();
  readonly #server = createServer((message, response) => {
    this.#answer(message, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', this.url);
    this.asked.push(`${message.method ?? ''} ${url.pathname}`);
    const fields = new URLSearchParams(message.method === 'POST' ? await text(message) : '');
    switch (`${message.method ?? ''} ${url.pathname}`) {
      case 'GET /authorize': {
        this.#showSignIn(url.searchParams, response);
        return;
      }
      case 'POST /authorize': {
        this.#letIn(url.searchParams, fields.get('name') ?? '', response);
        return;
      }
      case 'POST /token': {
        this.#giveToken(fields, message.headers.authorization, response);
        return;
      }
      case 'GET /userinfo': {
        this.#tellUser(message.headers.authorization, response);
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }

  #showSignIn(asked: URLSearchParams, response: ServerResponse): void {
    const isKnown = asked.get('client_id') === this.clientId && asked.get('response_type') === 'code';
    if (!isKnown) return void response.writeHead(400).end('Who asks?');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<form method="post"><input name="name"><input type="submit"></form>');
  }

  #letIn(asked: URLSearchParams, name: string, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', this.#note(name));
    back.searchParams.set('state', asked.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  #giveToken(fields: URLSearchParams, authorization: string | undefined, response: ServerResponse): void {
    const code = fields.get('code') ?? '';
    const name = this.#people.get(code);
    const pair = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64');
    const isHub = authorization === `Basic ${pair}` || fields.get('client_secret') === this.clientSecret;
    if (name === undefined || !isHub) return toJson(response, 400, { error: 'invalid_grant' });
    this.#people.delete(code);
    toJson(response, 200, { access_token: this.#note(name), token_type: 'Bearer', expires_in: 3600 });
  }

  #tellUser(authorization: string | undefined, response: ServerResponse): void {
    const name = this.#people.get(authorization?.replace(/^bearer /i, '') ?? '');
    if (name === undefined) return toJson(response, 401, { error: 'invalid_token' });
    toJson(response, 200, { sub: name, preferred_username: name });
  }

  #note(name: string): string {
    const value = randomBytes(16).toString('hex');
    this.#people.set(value, name);
    return value;
  }
}

function toJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
