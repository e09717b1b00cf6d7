import type { Discovery } from '../../protocol/repertoire/schemas';
import { toPage } from '../sites/servicePages';
import { noneRow, part, type Known, type Row } from './row';
import { tip } from './tip';
import { counted } from './words';

type Dataset = Discovery['datasets'][string];

/** What discovery calls things, what people call them, and what they are for; a name that is not here stays as it is. */
const SERVICES: Readonly<Record<string, readonly [name: string, purpose: string]>> = {
  nublado: ['Notebooks', 'Labs in the browser.'],
  portal: ['Portal', 'Search, see and plot catalogs and images in the browser.'],
  settings: ['Your settings', 'Your account, your quotas and your tokens on the site.'],
  squareone: ['Home page', 'Where the site begins, with its documentation and news.'],
  webdav: ['Files (WebDAV)', 'Your home folder as a network drive, where the site has it switched on.'],
  'times-square': ['Times Square', 'Notebooks as web pages, run with parameters.'],
  chronograf: ['Chronograf', 'Charts of telemetry.'],
  tap: ['Catalogs (TAP)', 'Table Access Protocol: query catalogs with ADQL.'],
  sia: ['Image search (SIA)', 'Simple Image Access: find images by place, time and band.'],
  cutout: ['Image cutouts', 'Server-side Operations for Data Access: parts of large images.'],
  datalink: ['Datalink', 'From a row of a catalog to the files and services that belong to it.'],
  hips: ['Sky maps (HiPS)', 'Hierarchical Progressive Surveys: the sky as a zoomable map.'],
  gms: ['Groups (GMS)', 'Group Membership Service: who belongs to which group.'],
  alerts: ['Alerts', 'Alerts of what has changed in the sky.'],
};
/** Pages that would end a session, or that only the people who run the site can use. */
const LEFT_OUT: ReadonlySet<string> = new Set(['logout', 'argocd', 'kafdrop']);

/** The site's pages for people. */
export function servicesRow(accountId: string, discovery: Known<Discovery>): Row {
  const id = `${accountId}/services`;
  return {
    id,
    label: 'Services',
    tip: tip('Pages of the site'),
    icon: 'globe',
    context: 'rsp.section',
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
    tip: tip('Data that the site serves', 'Each with its documentation and the addresses of its services.'),
    icon: 'database',
    context: 'rsp.section',
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
    tip: tip(`Data set ${name}`, description ?? '', [
      ['Services', Object.keys(dataset.services).map(nameOf).join(', ')],
    ]),
    spoken: `Data set ${[name, description, counted(Object.keys(dataset.services).length, 'service')].filter(Boolean).join(', ')}`,
    icon: 'table',
    context: 'rsp.fact',
    children: [
      ...(dataset.docs_url ? linkRow(id, 'documentation', dataset.docs_url, 'Documentation', 'book') : []),
      ...Object.entries(dataset.services).flatMap(([service, { url }]) => linkRow(id, service, url)),
    ],
  };
}

/** None for what is no address of a page. */
function linkRow(
  parent: string,
  name: string,
  address: string,
  label = nameOf(name),
  icon = 'link',
): readonly Row[] {
  const url = toPage(address);
  if (!url) return [];
  return [
    {
      id: `${parent}/${name}`,
      label,
      detail: url.host + url.pathname,
      spoken: `${label}, page on ${url.host}`,
      tip: { ...tip(label, purposeOf(name), [['Service', label === name ? undefined : name]]), page: url },
      icon,
      context: 'rsp.link',
      url: url.href,
    },
  ];
}

function orNone(id: string, rows: readonly Row[]): readonly Row[] {
  return rows.length > 0 ? rows : [noneRow(id)];
}

function nameOf(name: string): string {
  return known(name)?.[0] ?? name;
}

function purposeOf(name: string): string {
  return known(name)?.[1] ?? '';
}

function known(name: string): (typeof SERVICES)[string] | undefined {
  return Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
}
