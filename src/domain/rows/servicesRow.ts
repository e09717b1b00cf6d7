import type { Discovery } from '../../protocol/repertoire/schemas';
import { part, type Known, type Row } from './row';

type Dataset = Discovery['datasets'][string];

/** What discovery calls things, and what people call them; a name that is not here stays as it is. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  nublado: 'Notebooks',
  portal: 'Portal',
  settings: 'Your settings',
  squareone: 'Home page',
  webdav: 'Files (WebDAV)',
  'times-square': 'Times Square',
  chronograf: 'Chronograf',
  tap: 'Catalogs (TAP)',
  sia: 'Image search (SIA)',
  cutout: 'Image cutouts',
  datalink: 'Datalink',
  hips: 'Sky maps (HiPS)',
  gms: 'Groups (GMS)',
  alerts: 'Alerts',
};
/** Pages that would end a session, or that only the people who run the site can use. */
const LEFT_OUT: ReadonlySet<string> = new Set(['logout', 'argocd', 'kafdrop']);

/** The site's pages for people. */
export function servicesRow(accountId: string, discovery: Known<Discovery>): Row {
  const id = `${accountId}/services`;
  return {
    id,
    label: 'Services',
    icon: 'globe',
    children: part(id, discovery, ({ services }) =>
      orNone(
        id,
        Object.entries(services.ui)
          .filter(([name]) => !LEFT_OUT.has(name))
          .flatMap(([name, { url }]) => linkRow(id, name, url)),
      ),
    ),
  };
}

/** The data sets that can be asked for from the lab, each with the addresses of its services. */
export function datasetsRow(accountId: string, discovery: Known<Discovery>): Row {
  const id = `${accountId}/datasets`;
  return {
    id,
    label: 'Data sets',
    icon: 'database',
    children: part(id, discovery, ({ datasets }) =>
      orNone(
        id,
        Object.entries(datasets).map(([name, dataset]) => datasetRow(id, name, dataset)),
      ),
    ),
  };
}

function datasetRow(parent: string, name: string, dataset: Dataset): Row {
  const id = `${parent}/${name}`;
  const description = dataset.description ?? undefined;
  return {
    id,
    label: name,
    detail: description,
    tooltip: description ?? name,
    icon: 'table',
    context: 'rsp.fact',
    children: [
      ...(dataset.docs_url ? linkRow(id, 'documentation', dataset.docs_url, 'Documentation', 'book') : []),
      ...Object.entries(dataset.services).flatMap(([service, { url }]) => linkRow(id, service, url)),
    ],
  };
}

/** None for what is no address of a page: nothing else is ever opened or copied as one. */
function linkRow(
  parent: string,
  name: string,
  address: string,
  label = nameOf(name),
  icon = 'link',
): readonly Row[] {
  if (!URL.canParse(address)) return [];
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return [];
  return [
    {
      id: `${parent}/${name}`,
      label,
      detail: url.host + url.pathname,
      tooltip: url.href,
      icon,
      context: 'rsp.link',
      url: url.href,
    },
  ];
}

function orNone(id: string, rows: readonly Row[]): readonly Row[] {
  return rows.length > 0 ? rows : [{ id: `${id}/none`, label: 'none' }];
}

function nameOf(name: string): string {
  return Object.hasOwn(SERVICE_NAMES, name) ? (SERVICE_NAMES[name] ?? name) : name;
}
