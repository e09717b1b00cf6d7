import { deepEqual, equal, match, ok } from 'node:assert/strict';

import { z } from 'zod';

import { type Platform, startPlatform } from '../platform';
import { Visitor } from './visitor';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const SPECIFICATION = { image_class: 'recommended', size: 'small' };

const EventSchema = z.object({ progress: z.number(), message: z.string(), failed: z.boolean().optional() });
const UserSchema = z.object({ servers: z.record(z.string(), z.unknown()) });

describe("The hub's spawner", () => {
  let platform: Platform;
  let hub: string;
  let visitors: Visitor[];

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
    hub = `${platform.front.hubUrl.origin}/nb/hub`;
    visitors = [];
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await Promise.all(visitors.map((visitor) => visitor.close()));
    await platform.stop();
  });

  it("passes on the controller's refusal, with its JSON inside the sentence", async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const visitor = await signIn('cpayne');
    const last = (await spawn(visitor, 'cpayne')).at(-1);
    deepEqual([last?.progress, last?.failed], [100, true]);
    match(
      last?.message ?? '',
      /^Spawn failed: Status 403 from POST http\S+\/nublado\/spawner\/v1\/labs\/cpayne\/create\nBody:\n\{.*"permission_denied".*\}\s*$/,
    );
  });

  it('says which quota a lab would exceed', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const visitor = await signIn('hleavitt');
    const last = (await spawn(visitor, 'hleavitt', { image_class: 'recommended', size: 'huge' })).at(-1);
    ok(last?.message.includes('"insufficient_quota"'), last?.message);
  });

  it('does not spawn for somebody whose cookies are another one’s', async () => {
    const visitor = await signIn('vrubin');
    const answer = await visitor.visit(`${hub}/api/users/vrubin/server`, {
      method: 'POST',
      json: SPECIFICATION,
      headers: { authorization: `Bearer ${platform.tokenOf('jbell')}` },
    });
    equal(answer.status, 401);
  });

  it('replaces a lab that the hub does not know', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const visitor = await signIn('vrubin');
    const created = await visitor.visit(new URL('/nublado/spawner/v1/labs/vrubin/create', platform.baseUrl), {
      method: 'POST',
      json: { options: SPECIFICATION, env: { JUPYTERHUB_SERVICE_PREFIX: '/nb/user/vrubin/' } },
    });
    const messages = (await spawn(visitor, 'vrubin')).map(({ message }) => message);
    deepEqual(
      [created.status, messages[1], messages.at(-1)],
      [201, '[warning] Deleting existing orphaned lab', 'Server ready at /nb/user/vrubin/'],
    );
  });

  it('stops the lab of who signs out of the hub', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const visitor = await signIn('vrubin');
    const before = await servers(visitor, 'vrubin');
    const logout = await visitor.visit(`${hub}/logout`, { follow: false });
    await platform.labOf('vrubin')?.exited;
    deepEqual(
      [before, logout.status, logout.headers['location'], platform.labOf('vrubin')],
      [[''], 302, new URL('/logout', platform.baseUrl).href, undefined],
    );
  });

  async function signIn(username: string): Promise<Visitor> {
    const visitor = new Visitor(platform.tokenOf(username), platform.caFile);
    visitors.push(visitor);
    await visitor.visit(`${hub}/home`);
    return visitor;
  }

  /** Asks for a lab and gives all that the hub tells about how it went. */
  async function spawn(visitor: Visitor, username: string, specification = SPECIFICATION) {
    const url = `${hub}/api/users/${username}/server`;
    await visitor.visit(url, { method: 'POST', json: specification });
    return z.array(EventSchema).parse(await visitor.events(`${url}/progress`));
  }

  async function servers(visitor: Visitor, username: string): Promise<string[]> {
    const { body } = await visitor.json(`${hub}/api/users/${username}`);
    return Object.keys(UserSchema.parse(body).servers);
  }
});
