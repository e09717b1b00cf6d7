import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { Account } from '../accounts/account';
import { cullTimes, type CullLimits } from '../lab/cullClock';
import { isSameImage, tagOf, type LabOffer } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import type { OfKind } from '../personality/traits';
import { sentenceOf } from '../problems/sentences';
import type { AccountFacts } from '../rows/accountRows';
import { labLabel } from '../rows/labRow';

const GIB = 1024 ** 3;

/** How a lab stands, for a language model. Memory and processors are what was measured last: nobody asks for them here. */
export function labFacts(
  { account, lab, vitals, vitalsAtMs }: Pick<AccountFacts, 'account' | 'lab' | 'vitals' | 'vitalsAtMs'>,
  limits: CullLimits,
  nowMs: number,
): object {
  return {
    ...whose(account),
    lab: { state: lab.kind, ...stateFacts(lab, account.site, limits, nowMs), ...used() },
  };

  function used(): object {
    if (lab.kind !== 'running' || vitals.kind !== 'known' || !vitals.value) return {};
    const { memoryBytes, memoryLimitBytes, cpuCores } = vitals.value;
    return {
      measured: iso(vitalsAtMs),
      memoryUsedGib: toGib(memoryBytes),
      memoryLimitGib: memoryLimitBytes === undefined ? undefined : toGib(memoryLimitBytes),
      cpuCoresInUse: cpuCores,
    };
  }
}

function stateFacts(lab: LabState, site: OfKind, limits: CullLimits, nowMs: number): object {
  switch (lab.kind) {
    case 'running': {
      const { details, address, lastActivityAt } = lab;
      const { ageMs, idleMs } = cullTimes({ startedAt: address.startedAt, lastActivityAt }, limits);
      return {
        image: details?.imageReference === undefined ? undefined : tagOf(details.imageReference),
        size: details?.size,
        cpuCores: details?.limits?.cpuCores,
        memoryGib: details?.limits && toGib(details.limits.memoryBytes),
        // Of a server of somebody else the hub does not tell it.
        started: Number.isNaN(Date.parse(address.startedAt)) ? undefined : address.startedAt,
        removedForAgeAt: iso(ageMs),
        removedIfNothingHappensUntil: iso(idleMs),
      };
    }
    case 'starting': {
      const last = lab.steps.at(-1);
      return {
        forSeconds: Math.round((nowMs - lab.sinceMs) / 1000),
        percent: last?.percent,
        lastEvent: last?.message,
      };
    }
    case 'failed':
      return { why: sentenceOf(lab.problem, site) };
    case 'unknown':
      return { why: lab.problem && sentenceOf(lab.problem, site) };
    case 'none':
    case 'stopping':
      return {};
  }
}

/** The kernels of a lab. */
export function kernelFacts(account: Account, sessions: readonly RunningSession[]): object {
  return {
    ...whose(account),
    kernels: sessions.map(({ name, kernelName, state, lastActivityMs, connections }) => ({
      notebook: name,
      kernel: kernelName,
      state,
      lastActivity: iso(lastActivityMs),
      connections: connections === 0 ? undefined : connections, // some labs do not count them
    })),
  };
}

/** As many as a language model can make something of. */
const MOST_IMAGES = 40;

/** Images and sizes on offer; of many images those that `search` finds. */
export function imageFacts(account: Account, menu: LabOffer, search = ''): object {
  if (menu.kind === 'spawnPage')
    return {
      ...whose(account),
      images: 'This hub tells what there is to choose only as a server is started.',
    };
  const wanted = search.trim().toLowerCase();
  const found = menu.images.filter(({ name, reference }) =>
    `${name} ${tagOf(reference)}`.toLowerCase().includes(wanted),
  );
  return {
    ...whose(account),
    images: found.slice(0, MOST_IMAGES).map(({ name, reference, isPrepulled }) => ({
      tag: tagOf(reference),
      name,
      startsFast: isPrepulled,
      isDefault: menu.defaultImage !== undefined && isSameImage(reference, menu.defaultImage),
    })),
    imagesNotListed: found.length > MOST_IMAGES ? found.length - MOST_IMAGES : undefined,
    sizes: menu.sizes.map(({ value, cpuCores, memoryGib }) => ({
      size: value,
      cpuCores,
      memoryGib,
      isDefault: value === menu.defaultSize,
    })),
  };
}

/** One server of several, in a word. */
export function serverFacts({ account, lab }: Pick<AccountFacts, 'account' | 'lab'>): object {
  return { server: labLabel(account, true), state: lab.kind };
}

function whose({ site, username, server }: Account): object {
  return { site: site.host, username, server: server?.label };
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function toGib(bytes: number): number {
  return Math.round((bytes / GIB) * 10) / 10;
}
