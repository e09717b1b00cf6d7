import type { SharedServer } from '../../protocol/jupyterhub/schemas';
import type { Account } from '../accounts/account';
import { toPage } from '../sites/servicePages';
import type { Row } from './row';
import { tip } from './tip';

/** Whoever runs a server reads what is sent to it, so a token that speaks for the person does not go there. */
const WHERE =
  'It opens in the browser. Notebooks here do not use it: its owner could read your token and act in your name.';

/** The servers of others that were shared with the person; no row where there are none. */
export function sharedRows(
  { id: accountId, site }: Pick<Account, 'id' | 'site'>,
  shared: readonly SharedServer[] = [],
): readonly Row[] {
  const id = `${accountId}/shared`;
  if (shared.length === 0) return [];
  return [
    {
      id,
      label: 'Shared with you',
      tip: tip('Servers of others that you may use', WHERE),
      icon: 'organization',
      context: 'rsp.section',
      children: shared.map((server) => sharedRow(id, site.hubUrl, server)),
    },
  ];
}

function sharedRow(parent: string, hubUrl: URL, { owner, name, url, isReady }: SharedServer): Row {
  const label = name === '' ? 'Default server' : name;
  const state = isReady ? 'running' : 'not running';
  const page = isReady && URL.canParse(url, hubUrl.href) ? toPage(new URL(url, hubUrl).href) : undefined;
  return {
    id: `${parent}/${owner}/${name}`,
    label,
    detail: `shared by ${owner}, ${state}`,
    tip: {
      ...tip(`${label}: ${state}`, isReady ? WHERE : 'Its owner can start it.', [['Owner', owner]]),
      page,
    },
    icon: isReady ? 'vm-running' : 'circle-outline',
    ...(page ? { context: 'rsp.link', url: page.href } : { context: 'rsp.fact' }),
  };
}
