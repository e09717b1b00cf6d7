import type { SharedServer } from '../../protocol/jupyterhub/schemas';
import type { Account } from '../accounts/account';
import { sharedLabels } from '../servers/sharedWords';
import { isServerOf, isShared, keyOfServer, serverId } from '../servers/namedServer';
import { toPage } from '../sites/servicePages';
import type { LabState } from '../lab/labState';
import type { Row } from './row';
import { tip } from './tip';

const WHERE =
  'Notebooks use it once you have agreed to that: its owner can read and change what runs there. It gets a token made for it alone, never yours.';

/** What is known of a server that notebooks may use. */
interface UsedFacts {
  readonly account: Pick<Account, 'id' | 'server'>;
  readonly isAgreed?: boolean;
  readonly lab: LabState;
}

/**
 * The servers of others that were shared with the person; no row where there are none.
 *
 * @param others - what is known of the account's servers, those among them that notebooks can use.
 * @param toLabRow - draws one that the person has agreed to use.
 */
export function sharedRows<F extends UsedFacts>(
  { id: accountId, site }: Pick<Account, 'id' | 'site'>,
  shared: readonly SharedServer[] = [],
  others: readonly F[] = [],
  toLabRow: (facts: F) => Row = ({ account }) => ({ id: account.id, label: account.id }),
): readonly Row[] {
  const id = `${accountId}/shared`;
  const used = others.filter(
    ({ account, isAgreed }) => isShared(account) && isServerOf(accountId, account.id) && isAgreed === true,
  );
  const pages = new Map(
    shared.map((server) => [serverId(accountId, keyOfServer(server)), pageOf(site.hubUrl, server)]),
  );
  const isUsed = (server: SharedServer): boolean =>
    used.some(({ account }) => account.id === serverId(accountId, keyOfServer(server)));
  const children = [
    ...used.map((facts) => usedRow(toLabRow(facts), facts, pages.get(facts.account.id))),
    ...shared
      .filter((server) => !isUsed(server))
      .map((server) => offerRow(id, accountId, site.hubUrl, server)),
  ];
  if (children.length === 0) return [];
  return [
    {
      id,
      label: 'Shared with you',
      tip: tip('Servers of others that you may use', WHERE),
      icon: 'organization',
      context: 'rsp.section',
      isOpen: used.length > 0,
      children,
    },
  ];
}

/** Named as it was before notebooks used it, with its page while it runs. */
function usedRow(row: Row, { account: { server }, lab }: UsedFacts, page: URL | undefined): Row {
  const { owner, name = '' } = server ?? {};
  return {
    ...row,
    ...(owner !== undefined && sharedLabels({ owner, name }, row.detail ?? '')),
    ...(page && lab.kind === 'running' && { url: page.href }),
  };
}

function offerRow(parent: string, accountId: string, hubUrl: URL, server: SharedServer): Row {
  const { owner, name, isReady } = server;
  const state = isReady ? 'running' : 'not running';
  const { label, detail } = sharedLabels(server, state);
  const page = pageOf(hubUrl, server);
  return {
    id: `${parent}/${owner}/${name}`,
    label,
    detail,
    tip: {
      ...tip(`${label}: ${state}`, isReady ? WHERE : 'Its owner can start it.', [['Owner', owner]]),
      page,
    },
    icon: isReady ? 'vm-running' : 'circle-outline',
    ...(page
      ? {
          context: 'rsp.shared.offer',
          url: page.href,
          accountId: serverId(accountId, keyOfServer(server)),
        }
      : { context: 'rsp.fact' }),
  };
}

/** Where it is in a browser, while it runs. */
function pageOf(hubUrl: URL, { url, isReady }: SharedServer): URL | undefined {
  return isReady && URL.canParse(url, hubUrl.href) ? toPage(new URL(url, hubUrl).href) : undefined;
}
