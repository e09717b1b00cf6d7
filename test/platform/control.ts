import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type FaultActions, type Faults, WELL } from './faults';
import { sendJson } from './http/answers';

/** A second listener for people who play with the demo. It is apart from the site, and on 127.0.0.1 only. */
export interface Control {
  readonly url: string;
  stop(): Promise<void>;
}

const RequestSchema = z.strictObject({
  /** Switches to set. Paths are prefixes here. */
  set: z.record(z.string(), z.unknown()).optional(),
  /** `true` turns all switches back. */
  clear: z.boolean().optional(),
  /** An action to take, with its arguments. */
  act: z
    .discriminatedUnion('name', [
      z.strictObject({ name: z.literal('killLab'), username: z.string() }),
      z.strictObject({ name: z.literal('restartHub'), forgetCookies: z.boolean().default(false) }),
      z.strictObject({ name: z.literal('staleCookies'), which: z.enum(['xsrf', 'hub', 'lab', 'all']) }),
      z.strictObject({ name: z.literal('plantOrphan'), username: z.string() }),
      z.strictObject({ name: z.literal('releaseSpawn'), events: z.int().default(1) }),
      z.strictObject({ name: z.literal('releaseStop') }),
      z.strictObject({ name: z.literal('cutSockets'), path: z.string().optional() }),
    ])
    .optional(),
});

const NAMES = Object.keys(WELL);

function isSwitch(name: string): name is keyof typeof WELL {
  return NAMES.includes(name);
}

/** Serves `POST /__platform/faults`, which moves switches, and `GET`, which shows them. */
export async function startControl(faults: Faults): Promise<Control> {
  const server = createServer((message, response) => {
    void (async () => {
      // A page in a browser could send a simple POST here; it cannot send this type without asking first.
      const isJson = message.headers['content-type']?.startsWith('application/json') === true;
      if (message.url !== '/__platform/faults') sendJson(response, 404, { error: 'Ask /__platform/faults.' });
      else if (message.method === 'GET') sendJson(response, 200, show(faults));
      else if (message.method !== 'POST' || !isJson) sendJson(response, 415, { error: 'POST JSON.' });
      else {
        await change(faults, await text(message));
        sendJson(response, 200, show(faults));
      }
    })().catch((error: unknown) => {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/__platform/faults`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function change(faults: Faults, body: string): Promise<void> {
  const request = RequestSchema.parse(JSON.parse(body));
  if (request.clear === true) faults.clear();
  for (const [name, value] of Object.entries(request.set ?? {})) {
    if (!isSwitch(name)) throw new Error(`There is no switch ${name}. There are: ${NAMES.join(', ')}.`);
    // Typed callers are checked by the compiler; whoever turns knobs by hand gets what they asked for.
    faults.set(name, value as never);
  }
  if (request.act !== undefined) await act(faults.actions, request.act);
}

async function act(actions: FaultActions, wanted: NonNullable<z.output<typeof RequestSchema>['act']>) {
  switch (wanted.name) {
    case 'killLab':
      await actions.killLab(wanted.username);
      return;
    case 'restartHub':
      await actions.restartHub({ forgetCookies: wanted.forgetCookies });
      return;
    case 'staleCookies':
      actions.staleCookies(wanted.which);
      return;
    case 'plantOrphan':
      actions.plantOrphan(wanted.username);
      return;
    case 'releaseSpawn':
      actions.releaseSpawn(wanted.events);
      return;
    case 'releaseStop':
      actions.releaseStop();
      return;
    case 'cutSockets':
      actions.cutSockets(wanted.path);
  }
}

function show(faults: Faults): Record<string, unknown> {
  return Object.fromEntries(
    NAMES.filter(isSwitch).map((name): [string, unknown] => [name, faults.get(name) ?? null]),
  );
}
