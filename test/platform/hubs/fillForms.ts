import { isDeepStrictEqual } from 'node:util';

import { silentLog } from '../../../src/common/log';
import { Secret } from '../../../src/common/secret';
import { WayOut } from '../../../src/protocol/http/wayOut';
import { HttpClient } from '../../../src/protocol/http/httpClient';
import { HubPages } from '../../../src/protocol/jupyterhub/hubPages';
import { toApiOptions, toFormBody } from '../../../src/protocol/jupyterhub/optionsBody';
import type { OptionsForm } from '../../../src/protocol/jupyterhub/optionsForm';
import { REAL_FORMS, type RealForm, toLines } from '../../fakes/optionsForms';
import type { PlainHub } from './plainHub';

const never = new AbortController().signal;

export interface FilledForm {
  readonly of: string;
  /** What is wrong with it; empty when its fields and what the spawner got are right. */
  readonly wrong: string;
}

/** Fills in every form at a hub, by its page and, where its API has a shape of its own, by that as well. */
export async function fillForms(hub: PlainHub): Promise<readonly FilledForm[]> {
  const way = new WayOut({ noProxy: ['*'] }, silentLog);
  const dispatcher = way.createDispatcher();
  const http = new HttpClient(dispatcher, 'rsp-notebooks/test', silentLog);
  try {
    return await Promise.all(
      REAL_FORMS.map(async (form, place) => ({
        of: form.of,
        wrong: await fill(hub, http, `person-${place}`, form).catch(String),
      })),
    );
  } finally {
    await dispatcher.destroy();
  }
}

async function fill(hub: PlainHub, http: HttpClient, username: string, real: RealForm): Promise<string> {
  await hub.serveForm(real.html, username);
  const token = await hub.tokenOf(username);
  const pages = new HubPages(http, hub.url, username, () => new Secret(token));
  if (!(await pages.takesPassword(never))) return 'the hub takes no password';
  if (!(await pages.signIn(new Secret(hub.password), never))) return 'nobody was let in';
  const page = await pages.openSpawnPage('', never);
  if (page.kind !== 'options' || page.page.kind !== 'form') return `no form, but ${JSON.stringify(page)}`;
  const { form } = page.page;
  const lines = toLines(form);
  if (!isDeepStrictEqual(lines, real.fields)) return `has the fields ${lines.join('; ')}`;
  const answer = await pages.submit('', toFormBody(form, real.answers), never);
  if (answer.kind !== 'starting' && answer.kind !== 'running')
    return `was answered with ${JSON.stringify(answer)}`;
  const byPage = await lastReceived(hub, username);
  if (!isDeepStrictEqual(byPage, real.received)) return `gave ${JSON.stringify(byPage)}`;
  return form.flavour === 'plain' ? '' : fillByApi(hub, { username, token, form, real });
}

async function fillByApi(
  hub: PlainHub,
  { username, token, form, real }: { username: string; token: string; form: OptionsForm; real: RealForm },
): Promise<string> {
  const url = new URL(`hub/api/users/${username}/servers/other`, hub.url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(toApiOptions(form, real.answers)),
  });
  if (!response.ok) return `was refused by the API: ${await response.text()}`;
  const byApi = await lastReceived(hub, username, 'other');
  return isDeepStrictEqual(byApi, real.received) ? '' : `gave by the API ${JSON.stringify(byApi)}`;
}

/** A start is written down before the hub answers, or soon after. */
async function lastReceived(hub: PlainHub, username: string, server = ''): Promise<unknown> {
  const progress = new URL(
    `hub/api/users/${username}/${server === '' ? 'server' : `servers/${server}`}/progress`,
    hub.url,
  );
  const token = await hub.tokenOf(username);
  await (await fetch(progress, { headers: { authorization: `token ${token}` } })).text();
  return (await hub.received()).findLast((each) => each.user === username && each.server === server)?.options;
}
