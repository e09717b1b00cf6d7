import type { Quota } from '../../protocol/gafaelfawr/schemas';
import type { RateLimit, RateLimits } from '../../protocol/http/rateLimits';
import { describeSize, type LabMenu } from '../lab/labMenu';
import { toGib } from '../lab/vitalsWords';
import type { Row } from './row';
import { tip, type Tip, type TipFact } from './tip';
import { counted, moment } from './words';

/** What services are called in the site's own settings, and what people call them. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  tap: 'TAP queries',
  sia: 'Image search (SIA)',
  hips: 'HiPS sky maps',
  'vo-cutouts': 'Image cutouts',
  datalink: 'Datalink',
  herald: 'Alerts',
  qserv: 'Qserv',
};
const NO_LIMIT = 'no limit';
const NONE = 'none';
const UNITS = '1 CPU is one processor core; 1 GiB is 1024 MiB.';
const DISK_UNKNOWN =
  'The site does not say how much disk you may use. In a terminal of the lab, the command quota may tell.';

/**
 * Quotas in words. No quota at all means no limit; a quota that leaves something out does not limit it; zero means none.
 * Of disks alone most sites say nothing, whether they limit them or not.
 *
 * @param menu - the sizes the site offers, which it has cut to the quota already.
 * @param use - what the site has said of requests that were made from here.
 */
export function quotaRows(
  id: string,
  quota: Quota | undefined,
  menu: LabMenu | undefined,
  use: RateLimits = new Map(),
  nowMs = 0,
): readonly Row[] {
  if (!quota) {
    const title = 'This site sets no quotas for you.';
    return [{ id: `${id}/none`, label: 'No limits', tip: tip(title, DISK_UNKNOWN), context: 'rsp.fact' }];
  }
  return [
    notebookRow(id, quota, menu),
    ...sizesRows(id, quota, menu),
    ...orNoLimit(id, 'api', 'Requests to services', apiRows(id, quota, use, nowMs)),
    ...orNoLimit(id, 'tap', 'Queries at the same time', tapRows(id, quota)),
    ...diskRows(id, quota),
  ];
}

function notebookRow(id: string, { notebook }: Quota, menu: LabMenu | undefined): Row {
  const title = 'Notebooks: what your lab may use';
  const sizes: Tip['blocks'] = menu ? [sizeFacts(menu)] : [];
  const row = (detail: string, ...blocks: Tip['blocks']): Row =>
    toRow(id, 'notebook', 'Notebooks', detail, tip(title, ...blocks));
  if (!notebook) return row(NO_LIMIT, 'No limit beyond the sizes on offer.', ...sizes);
  if (!notebook.maySpawn) {
    const words = 'The site has switched new labs off for now. A lab that runs goes on.';
    return { ...row('new labs are switched off', words), icon: 'circle-slash' };
  }
  if (notebook.cpuCores === 0 || notebook.memoryGib === 0) return row(NONE, 'Your quota allows no lab.');
  const detail = `${notebook.cpuCores} CPU, ${notebook.memoryGib} GiB memory`;
  const allows = menu ? 'Sizes within it:' : '';
  return row(detail, `Up to ${detail}. ${UNITS}`, ...[allows].filter(Boolean), ...sizes);
}

/** The site has cut the sizes on offer to the quota already. */
function sizesRows(id: string, { notebook }: Quota, menu: LabMenu | undefined): readonly Row[] {
  if (!notebook?.maySpawn || !menu || menu.sizes.length === 0) return [];
  const names = menu.sizes.map(({ name }) => name).join(', ');
  const label = 'Sizes it allows';
  return [toRow(id, 'sizes', label, names, tip(label, sizeFacts(menu)))];
}

function sizeFacts({ sizes }: LabMenu): readonly TipFact[] {
  return sizes.map((size) => [size.name, describeSize(size)] as const);
}

function apiRows(id: string, quota: Quota, use: RateLimits, nowMs: number): readonly Row[] {
  return Object.entries(quota.apiPerMinute).map(([service, perMinute]) => {
    const left = leftNow(use.get(service), nowMs);
    const detail = perMinute === 0 ? NONE : `${perMinute} a minute${left ? `, ${left.remaining} left` : ''}`;
    const facts: Tip['blocks'][number] = [
      ['Service', service],
      [
        'Limit',
        perMinute === 0 ? 'none: no request is allowed' : `${counted(perMinute, 'request')} a minute`,
      ],
      ['Left', left && `${left.remaining} of ${left.limit} until ${moment(left.resetsAtMs)}`],
    ];
    const hint = left ? [] : ['What is left is known for a minute after a request was made from here.'];
    const row = toRow(id, `api-${service}`, nameOf(service), detail, tip(nameOf(service), facts, ...hint));
    return { ...row, spoken: `${nameOf(service)}: ${detail.replace(/^\d+/, counted(perMinute, 'request'))}` };
  });
}

function tapRows(id: string, quota: Quota): readonly Row[] {
  return Object.entries(quota.tapConcurrent).map(([service, count]) => {
    const label = `${nameOf(service)} at the same time`;
    const detail = count === 0 ? NONE : counted(count, 'query', 'queries');
    const words = 'How many of your queries may run at once; further ones wait.';
    return toRow(id, `tap-${service}`, label, detail, tip(label, detail, words));
  });
}

function diskRows(id: string, quota: Quota): readonly Row[] {
  const disks = Object.entries(quota.diskBytes);
  if (disks.length === 0)
    return [toRow(id, 'disk', 'Disk', 'not known', tip('Disk: not known', DISK_UNKNOWN))];
  return disks.map(([mount, bytes]) => {
    const label = `Disk ${mount}`;
    const detail = bytes === 0 ? NONE : `${toGib(bytes)} GiB`;
    return toRow(id, `disk-${mount}`, label, detail, tip(label, detail, `${bytes.toLocaleString()} bytes`));
  });
}

/** What a quota leaves out, it does not limit. */
function orNoLimit(id: string, kind: string, label: string, rows: readonly Row[]): readonly Row[] {
  if (rows.length > 0) return rows;
  return [toRow(id, kind, label, NO_LIMIT, tip(label, 'Your quota sets no limit for these.'))];
}

/** What is left counts for the minute that it was said in. */
function leftNow(use: RateLimit | undefined, nowMs: number): RateLimit | undefined {
  return use && nowMs < use.resetsAtMs ? use : undefined;
}

function toRow(parent: string, id: string, label: string, detail: string, told: Tip): Row {
  return { id: `${parent}/${id}`, label, detail, tip: told, context: 'rsp.fact' };
}

function nameOf(service: string): string {
  return Object.hasOwn(SERVICE_NAMES, service) ? (SERVICE_NAMES[service] ?? service) : service;
}
