import type { LabVitals } from '../../protocol/jupyter/labClient';
import { traitsOf, type OfKind } from '../personality/traits';

/** Part of its limit that a lab's memory has reached, 1 being all of it; undefined when nothing limits it. */
export function memoryShare({ memoryBytes, memoryLimitBytes }: LabVitals): number | undefined {
  return memoryLimitBytes === undefined ? undefined : memoryBytes / memoryLimitBytes;
}

/** Rounded down, so that nothing is called full that is not. */
export function memoryPercent(vitals: LabVitals): number | undefined {
  const share = memoryShare(vitals);
  return share === undefined ? undefined : Math.floor(share * 100);
}

/** What is about to happen to a lab whose memory is nearly used up. */
export function memoryWarning(site: OfKind & { readonly name: string }, vitals: LabVitals): string {
  const { labNoun } = traitsOf(site);
  const limit = `${toGib(vitals.memoryLimitBytes ?? vitals.memoryBytes)} GiB`;
  return `Your ${labNoun} on ${site.name} uses ${memoryPercent(vitals) ?? 100} % of its ${limit} of memory. When it is full, the site ends a kernel or the whole ${labNoun}, and variables are lost. Files are kept.`;
}

export function memoryWords({ memoryBytes, memoryLimitBytes }: LabVitals): string {
  return ofAll(memoryBytes, memoryLimitBytes);
}

/** Undefined where the lab does not count them. */
export function processorWords({ cpuCores, cpuLimitCores }: LabVitals): string | undefined {
  if (cpuCores === undefined) return undefined;
  const used = Math.round(cpuCores * 10) / 10;
  return cpuLimitCores === undefined ? `${used}` : `${used} of ${cpuLimitCores}`;
}

/** Undefined where the lab does not measure it. */
export function diskWords({ disk }: LabVitals): string | undefined {
  return disk && ofAll(disk.usedBytes, disk.totalBytes);
}

/** Rounded to a tenth. */
export function toGib(bytes: number): number {
  return Math.round((bytes / 1024 ** 3) * 10) / 10;
}

function ofAll(bytes: number, allBytes: number | undefined): string {
  if (allBytes === undefined) return `${toGib(bytes)} GiB`;
  return `${toGib(bytes)} of ${toGib(allBytes)} GiB, ${Math.floor((bytes / allBytes) * 100)} %`;
}
