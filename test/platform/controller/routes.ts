import type { ServerResponse } from 'node:http';
import type { Faults } from '../faults';
import type { People } from '../gafaelfawr/people';
import {
  type Handler,
  type Incoming,
  sendErrors,
  sendHtml,
  sendJson,
  sendUnknownPath,
  sendWrongMethod,
} from '../http/answers';
import { readJson } from '../http/body';
import { streamEvents } from './eventStream';
import { ControllerError, type Images } from './images';
import { labForm, UNAVAILABLE_FORM } from './labForm';
import { type Labs, unknownUser } from './labs';
import { LabSpecificationSchema } from './labSpecification';
import type { Sizes } from './sizes';

export const CONTROLLER_PATH = '/nublado';

/** What the controller's routes answer from. */
export interface ControllerParts {
  readonly labs: Labs;
  readonly images: Images;
  readonly sizes: Sizes;
  readonly people: People;
  readonly faults: Faults;
}

/** `/nublado`: the controller's API. The ingress has let through only who may call a route at all. */
export function controllerRoutes(parts: ControllerParts): Handler {
  return async (incoming, response) => {
    try {
      await answer(parts, incoming, response);
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      const { status, type, message, loc } = error;
      sendErrors(response, status, { ...(loc !== undefined && { loc }), msg: message, type });
    }
  };
}

async function answer(parts: ControllerParts, incoming: Incoming, response: ServerResponse): Promise<void> {
  const method = incoming.message.method ?? 'GET';
  const path = incoming.url.pathname.slice(CONTROLLER_PATH.length);
  const caller = incoming.grant?.username ?? '';
  const [, api, version, resource, username = '', action] = path.split('/').map(decodeURIComponent);
  if (['/openapi.json', '/docs', '/redoc'].includes(path)) {
    sendJson(response, 200, { openapi: '3.1.0', info: { title: 'Nublado controller', version: '15.1.0' } });
  } else if (path === '' || path === '/') {
    sendJson(response, 200, { name: 'controller', version: '15.1.0' });
  } else if (api !== 'spawner' || version !== 'v1') {
    sendUnknownPath(response);
  } else if (resource === 'lab-form' && action === undefined) {
    if (method !== 'GET') sendWrongMethod(response, 'GET');
    else sendForm(parts, caller, username, response);
  } else if (resource === 'user-status' && username === '') {
    sendState(parts.labs, caller, response);
  } else if (resource === 'images' && username === '') {
    sendJson(response, 200, allImages(parts.images));
  } else if (resource === 'labs' && username === '') {
    sendJson(response, 200, parts.labs.running);
  } else if (resource === 'labs') {
    await answerLab(parts, incoming, username, action, response);
  } else {
    sendUnknownPath(response);
  }
}

async function answerLab(
  parts: ControllerParts,
  incoming: Incoming,
  username: string,
  action: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const { labs, faults } = parts;
  const caller = incoming.grant?.username;
  const route = `${incoming.message.method ?? 'GET'} ${action ?? ''}`;
  switch (route) {
    case 'GET ':
      sendState(labs, username, response);
      return;
    case 'DELETE ':
      await labs.delete(username);
      response.writeHead(204).end();
      return;
    case 'GET events': {
      requireOwn(caller, username);
      const events = labs.eventsOf(username);
      if (events === undefined) throw unknownUser(username);
      streamEvents(events, response, faults.get('eventsStream'));
      return;
    }
    case 'POST create': {
      const specification = await readJson(incoming.message, response, LabSpecificationSchema);
      if (specification === undefined) return;
      requireOwn(caller, username);
      labs.create(username, specification, incoming.grant?.delegatedToken ?? '');
      const location = new URL(`${CONTROLLER_PATH}/spawner/v1/labs/${username}`, incoming.url).href;
      response.writeHead(201, { location, 'content-length': '0' }).end();
      return;
    }
    default:
      sendUnknownPath(response);
  }
}

function sendForm(parts: ControllerParts, caller: string, username: string, response: ServerResponse): void {
  requireOwn(caller, username);
  const sizes = parts.sizes.within(parts.people.quotaOf(username)?.notebook);
  if (sizes.length === 0 || parts.labs.isFormUnavailable(username)) {
    sendHtml(response, 200, UNAVAILABLE_FORM);
    return;
  }
  const { menu, dropdown } = parts.images;
  const defaultSize = parts.sizes.defaultOf(sizes);
  sendHtml(response, 200, labForm({ menu, dropdown, sizes, defaultSize }));
}

function sendState(labs: Labs, username: string, response: ServerResponse): void {
  const state = labs.stateOf(username);
  if (state === undefined)
    sendErrors(response, 404, { msg: `Unknown user ${username}`, type: 'unknown_user' });
  else sendJson(response, 200, state);
}

function requireOwn(caller: string | undefined, username: string): void {
  if (caller !== username) throw new ControllerError(403, 'permission_denied', 'Permission denied');
}

function allImages(images: Images): Record<string, unknown> {
  const all = images.dropdown.map(({ reference, config }) => {
    const { tag, name, digest, prepulled } = config;
    return { reference, tag, name, digest, aliases: [], prepulled };
  });
  const ofClass = (wanted: string) =>
    all.find((_, place) => images.dropdown[place]?.config.class === wanted) ?? null;
  return {
    recommended: ofClass('recommended'),
    latest_weekly: ofClass('latest-weekly'),
    latest_daily: ofClass('latest-daily'),
    latest_release: ofClass('latest-release'),
    all,
  };
}
