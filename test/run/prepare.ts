import { jupyterVsix } from '../e2e/driverJupyter';
import { chromiumPath } from '../setup/chromium';
import { clientPython, labPython, sciencePackages } from '../setup/pythonEnv';
import { vscodeServer } from '../setup/vscodeServer';
import type { Need } from './stages';

const PREPARATIONS: Readonly<Record<Need, () => Promise<unknown>>> = {
  lab: labPython,
  clients: clientPython,
  science: sciencePackages,
  vscode: vscodeServer,
  chromium: chromiumPath,
  jupyter: jupyterVsix,
};

/** Fetches one of the large things into the cache: `tsx test/run/prepare.ts NEED`. */
async function main(): Promise<void> {
  const need = process.argv[2];
  const entry = Object.entries(PREPARATIONS).find(([name]) => name === need);
  if (!entry) throw new Error(`Prepare what? One of ${Object.keys(PREPARATIONS).join(', ')}.`);
  await entry[1]();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
