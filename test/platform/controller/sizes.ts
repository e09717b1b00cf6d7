import type { PlatformConfig, QuotaConfig, SizeConfig } from '../config';

/** A size that labs can have; memory in bytes. */
export interface Size {
  readonly name: string;
  readonly limits: { readonly cpu: number; readonly memory: number };
  readonly requests: { readonly cpu: number; readonly memory: number };
}

type NotebookQuota = QuotaConfig['notebook'];

const GIB = 2 ** 30;

/** All sizes of the site. */
export class Sizes {
  readonly #sizes: readonly Size[];
  readonly #default: string;

  constructor(config: PlatformConfig['sizes']) {
    this.#sizes = config.offered.map(toSize);
    this.#default = config.default;
  }

  byName(name: string): Size | undefined {
    return this.#sizes.find((size) => size.name === name);
  }

  /** Sizes that fit in a quota; none where it forbids labs. */
  within(quota: NotebookQuota): readonly Size[] {
    if (quota === undefined) return this.#sizes;
    return quota.spawn ? this.#sizes.filter((size) => fits(size, quota)) : [];
  }

  /** The size to offer first: the site's default, or the first of those that are on offer. */
  defaultOf(offered: readonly Size[]): string | undefined {
    return (offered.find((size) => size.name === this.#default) ?? offered[0])?.name;
  }
}

export function fits(size: Size, quota: NonNullable<NotebookQuota>): boolean {
  return size.limits.memory <= quota.memory * GIB && size.limits.cpu <= quota.cpu;
}

/** The way sizes read in the form and in a lab's environment: `Large (4.0 CPU, 16Gi RAM)`. */
export function describeSize(size: Size): string {
  const name = size.name.charAt(0).toUpperCase() + size.name.slice(1);
  return `${name} (${printCpu(size.limits.cpu)} CPU, ${printMemory(size.limits.memory)} RAM)`;
}

/** With a decimal point always, as Python prints a float. */
export function printCpu(cpu: number): string {
  return Number.isInteger(cpu) ? cpu.toFixed(1) : String(cpu);
}

function printMemory(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(6))}${units[power] ?? ''}`;
}

function toSize(config: SizeConfig): Size {
  const limits = { cpu: config.cpu, memory: config.memory };
  return {
    name: config.name,
    limits,
    requests: config.requests ?? { cpu: limits.cpu / 4, memory: limits.memory / 4 },
  };
}
