import type { Quota } from '../../protocol/gafaelfawr/schemas';
import type { RateLimit, RateLimits } from '../../protocol/http/rateLimits';
import type { LabMenu } from '../lab/labMenu';
import { toGib } from '../lab/vitalsWords';
import type { Row } from './row';

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

/**
 * Quotas in words. No quota at all means no limit; a quota that leaves something out does not limit it; zero means none.
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
  if (!quota) return [{ id: `${id}/none`, label: 'No limits', tooltip: 'This site sets no quotas for you.' }];
  return [
    notebookRow(id, quota, menu),
    ...Object.entries(quota.apiPerMinute).map(([service, perMinute]) =>
      toRow(
        id,
        `api-${service}`,
        nameOf(service),
        perMinute === 0 ? 'none' : `${perMinute} requests a minute${leftWords(use.get(service), nowMs)}`,
      ),
    ),
    ...Object.entries(quota.tapConcurrent).map(([service, count]) =>
      toRow(
        id,
        `tap-${service}`,
        `${nameOf(service)} at the same time`,
        count === 0 ? 'none' : `${count} queries`,
      ),
    ),
    ...Object.entries(quota.diskBytes).map(([mount, bytes]) =>
      toRow(id, `disk-${mount}`, `Disk ${mount}`, bytes === 0 ? 'none' : `${toGib(bytes)} GiB`),
    ),
  ];
}

/** What is left counts for the minute that it was said in. */
function leftWords(use: RateLimit | undefined, nowMs: number): string {
  return use && nowMs < use.resetsAtMs ? `, ${use.remaining} left` : '';
}

function notebookRow(id: string, { notebook }: Quota, menu: LabMenu | undefined): Row {
  if (!notebook) return toRow(id, 'notebook', 'Notebooks', 'no limit');
  if (!notebook.maySpawn) {
    return { ...toRow(id, 'notebook', 'Notebooks', 'new labs are switched off'), icon: 'circle-slash' };
  }
  if (notebook.cpuCores === 0 || notebook.memoryGib === 0) return toRow(id, 'notebook', 'Notebooks', 'none');
  const sizes = menu ? ` Sizes within it: ${menu.sizes.map((size) => size.name).join(', ')}.` : '';
  const detail = `${notebook.cpuCores} CPU, ${notebook.memoryGib} GiB memory`;
  return { ...toRow(id, 'notebook', 'Notebooks', detail), tooltip: `A lab may use up to ${detail}.${sizes}` };
}

function toRow(parent: string, id: string, label: string, detail: string): Row {
  return { id: `${parent}/${id}`, label, detail, tooltip: `${label}: ${detail}`, context: 'rsp.fact' };
}

function nameOf(service: string): string {
  return SERVICE_NAMES[service] ?? service;
}
