import { parseArgs } from 'node:util';
import { startControl } from './control';
import { startPlatform } from './platform';

const USAGE = `Starts a small Science Platform on this computer.

  tsx test/platform/main.ts [--subdomains] [--tls] [--port N] [--config FILE] [--folder FOLDER] [--verbose]
`;

/** Runs until it is told to stop, and stops everything that it started. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subdomains: { type: 'boolean', default: false },
      tls: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      config: { type: 'string' },
      folder: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port wants a number from 0 to 65535, not ${values.port}.`);

  const told = toldToStop();
  const platform = await startPlatform({
    subdomains: values.subdomains,
    tls: values.tls,
    port,
    ...(values.config !== undefined && { configFile: values.config }),
    ...(values.folder !== undefined && { folder: values.folder }),
    hub: { pollIntervalSeconds: 10 },
    log: (line) => {
      if (values.verbose) console.error(line);
    },
  });
  const control = await startControl(platform.faults);
  console.log(`The platform is at ${platform.baseUrl.href}`);
  if (platform.caFile !== undefined) console.log(`Its certificate authority is ${platform.caFile}`);
  for (const { username, name, tokens } of platform.config.users) {
    console.log(`\n${username}${name === undefined ? '' : ` (${name})`}`);
    for (const token of tokens) console.log(`  ${token.token}  ${token.name}: ${token.scopes.join(' ')}`);
  }
  console.log(`\nMake more at ${platform.baseUrl.href}settings/tokens/new`);
  console.log(
    `Faults: curl -H 'content-type: application/json' -d '{"set": {"hubDown": true}}' ${control.url}`,
  );
  console.log('Stop with Ctrl-C.');
  await told;
  await control.stop();
  await platform.stop();
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
