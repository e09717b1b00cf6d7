import { deepEqual } from 'node:assert/strict';

import { SecretScan } from '../../../figures/secretScan';
import { accountClaims } from './accountClaims';
import { claim } from './claims';
import { labClaims } from './labClaims';
import { lossClaims } from './lossClaims';
import { reconnectClaims } from './reconnectClaims';
import { FaultScene } from './scene';
import { startClaims } from './startClaims';

const START_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 60_000;
const CLAIM_TIMEOUT_MS = 240_000;

/** Each title is a claim of the table; `npm run figures -- traps faults` prints it. */
describe('What goes wrong on a site', function () {
  this.timeout(CLAIM_TIMEOUT_MS);
  let opened: FaultScene | undefined;
  const { debug, log, warn } = console;
  const scene = (): FaultScene => {
    if (!opened) throw new Error('The platform does not run.');
    return opened;
  };

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    // The library that notebooks are made with tells each step of its way back.
    console.debug = console.log = console.warn = () => undefined;
    opened = await FaultScene.open();
  });

  afterEach(() => scene().clear());

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await opened?.close();
    Object.assign(console, { debug, log, warn });
  });

  describe('with tokens', () => accountClaims(scene));
  describe('with starts', () => startClaims(scene));
  describe('in a lab', () => labClaims(scene));
  describe('on the way to a kernel', () => reconnectClaims(scene));
  describe('with labs that end', () => lossClaims(scene));

  // In a block of its own, since mocha runs these in their order, and tests beside them before.
  describe('after all of that', () => {
    it(claim('nothingLogged'), () => {
      const { log, platform } = scene();
      const { secrets } = platform.requests;
      const scan = new SecretScan(secrets);
      for (const line of log.lines) scan.add(`${line}\n`);
      deepEqual([scan.count(), secrets.size > 0, log.lines.length > 0, platform.leaks], [0, true, true, []]);
    });
  });
});
