import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { labPython } from '../../../setup/pythonEnv';
import { HubPerson } from '../../hubs/hubPerson';
import { startLoneServer, type LoneServer } from '../../hubs/loneServer';

const START_TIMEOUT_MS = 600_000;
const PASSWORD_HASH = 'sha1:67c9e60bb8b6:9ffede0825894254b2e042ea597d771089e11aed';
const never = new AbortController().signal;

describe('What is no hub', function () {
  this.timeout(30_000);
  let folder: string;
  let person: HubPerson;
  let withToken: LoneServer;
  let withPassword: LoneServer;
  let shop: Server;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-lone-'));
    const python = await labPython();
    [withToken, withPassword] = await Promise.all([
      startLoneServer({ folder, python, door: ['--IdentityProvider.token=a-token-of-its-own'] }),
      startLoneServer({
        folder,
        python,
        basePath: '/my/',
        door: ['--IdentityProvider.token=', `--PasswordIdentityProvider.hashed_password=${PASSWORD_HASH}`],
      }),
    ]);
    shop = createServer((_, response) => response.end('<html>a shop</html>')).listen(0, '127.0.0.1');
    person = new HubPerson();
  });

  after(async () => {
    await person.leave();
    shop.close();
    await Promise.all([withToken.stop(), withPassword.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const verdictOn = (address: string): Promise<unknown> =>
    person.signIn.findSite(address, never).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof ProblemError ? [error.problem.kind, error.message] : error),
    );

  it('is told to be a Jupyter server of its own, with where to use it, and is sent nothing of its address', async () => {
    const told = ({ url }: LoneServer): readonly string[] => [
      'loneServer',
      `${url.host} is a Jupyter server without a hub. Use it by Existing Jupyter Server… in the kernel picker of the Jupyter extension, which takes its address.`,
    ];
    const links = ['', 'lab?token=a-token-of-its-own', 'lab/tree/x.ipynb', 'tree#files'];
    const verdicts = await Promise.all(
      links.flatMap((link) =>
        [withToken, withPassword].map(async (server) => ({
          is: await verdictOn(new URL(link, server.url).href),
          told: told(server),
        })),
      ),
    );
    deepEqual(
      verdicts.filter(({ is, told: due }) => JSON.stringify(is) !== JSON.stringify(due)),
      [],
    );
    deepEqual(
      person.log.lines.filter((line) => line.includes('a-token-of-its-own')),
      [],
    );
  });

  it('is told to be neither, where it is something else', async () => {
    const { port } = shop.address() as AddressInfo;
    deepEqual(await verdictOn(`http://127.0.0.1:${port}/user/me/lab`), [
      'noSite',
      `127.0.0.1:${port} is neither a Rubin Science Platform nor a JupyterHub: it has no service discovery, and no hub answers there. Check the address, or copy that of one of its pages.`,
    ]);
  });
});
