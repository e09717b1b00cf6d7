import { parseArgs } from 'node:util';

import { checkDemo } from './check';
import { openDemo } from './open';
import type { DemoOptions } from './options';

const USAGE = `A Rubin Science Platform and VS Code on this computer, with the extension installed.

  npm run demo [-- [--subdomains] [--tls] [--verbose]]    until Ctrl-C
  npm run demo -- --check                                 walks the whole path by itself; exit code 0 or 1

  --subdomains  the hub and each lab on a host of its own, as new sites have it
  --tls         https, with a certificate authority of the platform's own
  --verbose     prints what the platform's servers print
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subdomains: { type: 'boolean', default: false },
      tls: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const interrupt = new AbortController();
  // Not once: Ctrl-C reaches us from the terminal and again from whoever started us.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  const options: DemoOptions = {
    subdomains: values.subdomains,
    tls: values.tls,
    log: (line) => {
      if (values.verbose) console.error(line);
    },
    signal: interrupt.signal,
  };
  await (values.check ? checkDemo(options) : openDemo(options));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
