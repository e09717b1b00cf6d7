import { deepEqual, ok } from 'node:assert/strict';
import path from 'node:path';

import { z } from 'zod';

import { CLIENT_PYTHON_MISSING, clientPython } from '../../setup/pythonEnv';
import { runToEnd } from '../../setup/runToEnd';
import { type Platform, startPlatform } from '../platform';
import { PYTHON_FILES } from '../supervised';

const ENVIRONMENT_TIMEOUT_MS = 600_000;
const PROOF_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;

/** What `prove.py` prints about what the libraries saw. */
const SeenSchema = z.object({
  discovery: z.record(z.string(), z.unknown()),
  userInfo: z.object({ username: z.string(), quota: z.unknown() }),
  tokenInfo: z.object({ username: z.string(), token_type: z.string(), scopes: z.array(z.string()) }),
  lab: z.object({
    stoppedBefore: z.boolean(),
    steps: z.array(z.string()),
    output: z.string(),
    notebook: z.string(),
    stoppedAfter: z.boolean(),
  }),
});

describe("Rubin's own client libraries", () => {
  let python: string;

  before(async function () {
    this.timeout(ENVIRONMENT_TIMEOUT_MS);
    const found = await clientPython();
    if (found === undefined) {
      ok(process.env['CI'] !== 'true', CLIENT_PYTHON_MISSING);
      console.error(`Skipped: ${CLIENT_PYTHON_MISSING}`);
      this.skip();
    }
    python = found;
  });

  for (const subdomains of [false, true]) {
    describe(subdomains ? 'with a host for each lab' : 'with one host for all', () => {
      let platform: Platform;

      before(async function () {
        this.timeout(ENVIRONMENT_TIMEOUT_MS);
        // The Nublado client opens sockets by wss only, whatever discovery says.
        platform = await startPlatform({ subdomains, tls: true });
      });

      after(async function () {
        this.timeout(STOP_TIMEOUT_MS);
        await platform.stop();
      });

      it('read the site, spawn a lab, run code and a notebook in it, and stop it', async function () {
        this.timeout(PROOF_TIMEOUT_MS);
        const seen = await prove(python, platform, 'vrubin');
        const { origin } = platform.baseUrl;
        const hubUrl = platform.front.hubUrl.origin;
        deepEqual(
          {
            nublado: seen.discovery['nublado'],
            controller: seen.discovery['controller'],
            gafaelfawr: seen.discovery['gafaelfawr'],
            username: seen.userInfo.username,
            tokenType: seen.tokenInfo.token_type,
            firstStep: seen.lab.steps.find((step) => step.startsWith('[info]')),
            lastStep: seen.lab.steps.at(-1),
            lab: { ...seen.lab, steps: undefined },
          },
          {
            nublado: `${hubUrl}/nb`,
            controller: `${origin}/nublado`,
            gafaelfawr: `${origin}/auth/api/v1`,
            username: 'vrubin',
            tokenType: 'user',
            firstStep: '[info] Starting lab creation for vrubin',
            lastStep: `Server ready at ${subdomains ? hubUrl.replace('//', '//vrubin.') : ''}/nb/user/vrubin/`,
            lab: {
              stoppedBefore: true,
              steps: undefined,
              output: 'vrubin recommended 1 4294967296',
              notebook: '42',
              stoppedAfter: true,
            },
          },
        );
      });
    });
  }
});

async function prove(
  python: string,
  platform: Platform,
  username: string,
): Promise<z.output<typeof SeenSchema>> {
  const output = await runToEnd(python, [path.join(__dirname, 'prove.py')], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONPATH: path.join(PYTHON_FILES, 'loopback'),
      SSL_CERT_FILE: platform.caFile,
      REPERTOIRE_BASE_URL: new URL('/repertoire', platform.baseUrl).href,
      RSP_USERNAME: username,
      RSP_TOKEN: platform.tokenOf(username),
    },
  });
  const result = output.split('\n').find((line) => line.startsWith('RESULT '));
  return SeenSchema.parse(JSON.parse(result?.slice('RESULT '.length) ?? 'null'));
}
