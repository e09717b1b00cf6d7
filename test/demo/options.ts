import path from 'node:path';

import type { Platform } from '../platform/platform';

export interface DemoOptions {
  readonly subdomains: boolean;
  readonly tls: boolean;
  readonly log: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The notebooks to begin with; they are copied, so that these here stay as they are. */
export const NOTEBOOKS = path.join(__dirname, 'notebooks');

const LOOPBACK_NAMES = path.resolve(__dirname, '..', 'setup', 'loopbackNames.cjs');

/** What the process that runs extensions needs in order to reach a platform on this computer. */
export function toReach({ caFile }: Pick<Platform, 'caFile'>): {
  readonly env: Readonly<Record<string, string>>;
  readonly nodeOptions: readonly string[];
} {
  return {
    env: caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile },
    nodeOptions: ['--require', LOOPBACK_NAMES],
  };
}
