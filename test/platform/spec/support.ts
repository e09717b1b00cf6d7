import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type PlatformConfig, readConfig } from '../config';
import type { LabStart, LabStarter } from '../controller/labStarter';
import { type Front, type FrontOptions, startFront } from '../front';

/** The configured tokens that the tests name. */
export const TOKENS = {
  vrubin: 'gt-vrubin-demo-token-key0.vrubin-demo-secret-000',
  oneHour: 'gt-vrubin-shrt-token-key0.vrubin-shrt-secret-000',
  queriesOnly: 'gt-vrubin-qury-token-key0.vrubin-qury-secret-000',
  expired: 'gt-vrubin-past-token-key0.vrubin-past-secret-000',
  hleavitt: 'gt-hleavitt-demo-tok-key0.hleavitt-demo-secret-0',
  cpayne: 'gt-cpayne-demo-token-key0.cpayne-demo-secret-000',
  jbell: 'gt-jbell-demo-token-key-0.jbell-demo-secret-0000',
  acannon: 'gt-acannon-demo-token-key.acannon-demo-secret-00',
} as const;

export interface Question {
  readonly path: string;
  /** The base host unless said otherwise. */
  readonly host?: string;
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly json?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks a front, by any of its names, without asking the system what the name means. */
export function open(front: Front, question: Question, signal?: AbortSignal): Promise<IncomingMessage> {
  const { path, host, method = 'GET', token, headers = {}, json } = question;
  const body = json === undefined ? question.body : JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: front.baseUrl.port,
      path,
      method,
      headers: {
        host: host === undefined ? front.baseUrl.host : `${host}:${front.baseUrl.port}`,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(signal !== undefined && { signal }),
    });
    asked.once('response', resolve).once('error', reject).end(body);
  });
}

export async function ask(front: Front, question: Question): Promise<Answer> {
  const answer = await open(front, question);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

export function toJson(answer: Answer): unknown {
  return JSON.parse(answer.body);
}

/** The status, and what the challenge says: the two things a client can tell ingress refusals apart by. */
export function refusal(answer: Answer): [status: number, challenge: string | undefined] {
  return [answer.status, answer.headers['www-authenticate']];
}

/** Starts labs that are no processes; keeps what each was started with. */
export class FakeLabs {
  readonly started: LabStart[] = [];
  readonly stopped: string[] = [];

  readonly start: LabStarter = (start) => {
    this.started.push(start);
    let end: (code: number | null) => void = () => undefined;
    const exited = new Promise<number | null>((resolve) => {
      end = resolve;
    });
    return Promise.resolve({
      url: `http://127.0.0.1:8888/${start.username}`,
      pid: 1,
      exited,
      kill: () => {
        end(null);
        return Promise.resolve();
      },
      stop: () => {
        this.stopped.push(start.username);
        end(0);
        return Promise.resolve();
      },
    });
  };
}

/** A front without pauses, on a free port. */
export async function startTestFront(
  options: Omit<FrontOptions, 'config'> & { adjust?: (config: PlatformConfig) => PlatformConfig } = {},
): Promise<Front> {
  const config = await readConfig();
  const quick: PlatformConfig = { ...config, labs: { ...config.labs, eventPauseMs: 0 } };
  const { adjust, ...rest } = options;
  return startFront({ config: adjust?.(quick) ?? quick, ...rest });
}

/** Stands for hub and labs: answers with what it was asked, echoes WebSockets' bytes, sets a cookie. */
export async function startEcho(): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets = new Set<Duplex>();
  const server = createServer((message, response) => {
    if (message.url?.endsWith('/progress') === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const progress of [1, 30, 35, 75]) response.write(`data: {"progress": ${progress}}\n\n`);
      response.end('data: {"progress": 100, "ready": true}\n\n');
      return;
    }
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': ['_xsrf=abcdef123456; Path=/nb/hub/', 'jupyterhub-hub-login=login123456; Path=/nb/hub/'],
    });
    response.end(JSON.stringify({ method: message.method, url: message.url, headers: message.headers }));
  });
  server.on('upgrade', (message: IncomingMessage, socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (message.url?.includes('refused') === true) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    const user = String(message.headers['x-auth-request-user']);
    const authorization = String(message.headers.authorization);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    socket.write(`hello ${user} ${authorization}`);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
