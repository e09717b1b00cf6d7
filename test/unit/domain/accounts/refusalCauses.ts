import { keyOfToken } from '../../../../src/protocol/gafaelfawr/token';
import { never } from '../../../fakes/deferred';
import { hubError, redirect } from '../../../fakes/fakeHub';
import { CHALLENGES, refusedByIngress } from '../../../fakes/fakeRsp';
import { CHOICE } from '../../../fakes/labs';
import type { Scene } from '../../../fakes/scene';
import { hangUp } from '../../../fakes/scriptedServer';

const DAY_MS = 86_400_000;
export const TOKEN_INFO = 'GET /auth/api/v1/token-info';
export const LAB_FORM = 'GET /nublado/spawner/v1/lab-form/vrubin';

/** One reason why servers turn somebody away, and what the person gets to know of it. */
export interface Cause {
  readonly name: string;
  readonly arrange: (scene: Scene) => unknown;
  /** What the person wants; the images on offer, where nothing is said. */
  readonly act?: (scene: Scene) => Promise<unknown>;
  /** Undefined when the person gets what they want all the same. */
  readonly kind?: string;
  readonly says?: string;
  readonly remedy?: string;
  readonly isRefused?: boolean;
  /** How often Gafaelfawr was asked about the token. */
  readonly questions: number;
  readonly waitsMs?: readonly number[];
}

const enter = ({ desk }: Scene): Promise<unknown> => desk.lab.enter(never);
const start = ({ desk }: Scene): Promise<unknown> => desk.lab.start(CHOICE, never);
export const revoke = ({ rsp }: Scene): unknown =>
  rsp.gafaelfawr.store.revoke(rsp.gafaelfawr.own?.token.key ?? '');
const toSignInPage = redirect('/login?rd=https%3A%2F%2Frsp.example%2Fnb%2Fhub%2Fspawn');
export const invalid = refusedByIngress(403, CHALLENGES.invalid);
export const runs = ({ rsp }: Scene): unknown => (rsp.lab = rsp.readyLab);

/** A token that lives only so long, in the place of the first one. */
async function giveLife({ rsp, store, account, clock }: Scene, lifeMs: number): Promise<void> {
  const tokenExpires = new Date(clock.nowMs() + lifeMs);
  const token = rsp.gafaelfawr.add({ scopes: ['exec:notebook'], expires: tokenExpires });
  await store.save({ ...account, token, tokenKey: keyOfToken(token), tokenExpires });
}

export const CAUSES: readonly Cause[] = [
  {
    name: 'a token that was revoked',
    arrange: revoke,
    kind: 'tokenUnknown',
    says: 'example does not accept this token: it has expired, was revoked, or belongs to another site. Make a new one and sign in with it.',
    remedy: 'newToken',
    isRefused: true,
    questions: 1,
  },
  {
    name: 'a token that has expired',
    arrange: async (scene) => {
      await giveLife(scene, DAY_MS);
      scene.clock.advance(2 * DAY_MS);
    },
    kind: 'tokenExpired',
    says: 'This token for example expired on 2026-08-22. Make a new one and sign in with it.',
    remedy: 'newToken',
    isRefused: true,
    questions: 1,
  },
  {
    name: 'a token too short for a lab, said in so many words',
    arrange: async (scene) => {
      await giveLife(scene, 3 * DAY_MS);
      scene.rsp.answer(`POST ${scene.rsp.user('/server')}`, { status: 405 });
      scene.rsp.answer('GET /nb/hub/spawn', refusedByIngress(403, CHALLENGES.short));
    },
    act: start,
    kind: 'tokenTooShort',
    says: 'Your token lasts only 3 days more, and example wants at least 10 days for this. Make a new one that lasts longer, 90 days for instance.',
    remedy: 'newToken',
    questions: 1,
  },
  {
    name: 'a token too short for a lab, sent to the sign-in page',
    arrange: async (scene) => {
      await giveLife(scene, 3 * DAY_MS);
      scene.rsp.answer(`POST ${scene.rsp.user('/server')}`, { status: 405 });
      scene.rsp.answer('GET /nb/hub/spawn', toSignInPage);
    },
    act: start,
    kind: 'tokenTooShort',
    remedy: 'newToken',
    questions: 1,
  },
  {
    name: 'a token with hardly any life',
    arrange: async (scene) => {
      await giveLife(scene, 3 * 60_000);
      scene.rsp.answer(LAB_FORM, refusedByIngress(403, CHALLENGES.short));
    },
    kind: 'tokenTooShort',
    says: 'Your token lasts only 3 minutes more, and example wants at least 5 minutes for this. Make a new one that lasts longer, 90 days for instance.',
    remedy: 'newToken',
    questions: 1,
  },
  {
    name: 'a scope that is missing',
    arrange: ({ rsp }) => rsp.answer(LAB_FORM, refusedByIngress(403, CHALLENGES.scope)),
    kind: 'scopeMissing',
    says: 'Your token for example does not allow you to start labs and run notebooks (it lacks exec:notebook). Make a new one with this scope.',
    remedy: 'newToken',
    questions: 0,
  },
  {
    name: 'a scope that is missing, found out at the sign-in service',
    arrange: ({ rsp }) => {
      rsp.gafaelfawr.change({ scopes: ['read:tap'] });
      rsp.answer(LAB_FORM, invalid);
    },
    kind: 'scopeMissing',
    remedy: 'newToken',
    questions: 1,
  },
  {
    name: "a wrong user's host, without a word of scopes",
    arrange: ({ rsp }) => rsp.answer(`GET ${rsp.user()}`, refusedByIngress(403, CHALLENGES.wrongUser)),
    act: enter,
    kind: 'wrongUser',
    questions: 0,
  },
  {
    name: 'an API quota of none, without a word of scopes',
    arrange: ({ rsp }) =>
      rsp.answer(
        LAB_FORM,
        refusedByIngress(
          403,
          'Bearer realm="rsp", error="insufficient_scope", error_description="User vrubin not allowed to access service nublado-controller"',
        ),
      ),
    kind: 'wrongUser',
    questions: 0,
  },
  {
    name: 'an old refusal that the ingress remembers after a new token',
    arrange: ({ rsp }) => rsp.answer('GET /nb/hub/gafaelfawr/login', toSignInPage, 2),
    act: (scene) => {
      runs(scene);
      return enter(scene);
    },
    questions: 2,
    waitsMs: [5000, 10_000],
  },
  {
    name: 'an old refusal that the ingress does not forget',
    arrange: ({ rsp }) => rsp.answer(LAB_FORM, invalid),
    kind: 'tokenNotYetKnown',
    says: 'example has not yet noticed your new token: parts of it keep older answers for up to five minutes. Your token is fine; wait a little and try again.',
    questions: 14,
    waitsMs: [5, 10, 20, 30, 30, 30, 30, 30, 30, 30, 30, 30, 25].map((seconds) => seconds * 1000),
  },
  {
    name: 'an old answer of the lab to a new token',
    arrange: (scene) => {
      runs(scene);
      scene.rsp.answer('GET /nb/user/vrubin/lab', hubError(403, 'Forbidden'), 1);
    },
    act: enter,
    questions: 1,
    waitsMs: [5000],
  },
  {
    name: 'a lab that never keeps the sign-in of an old token',
    arrange: (scene) => {
      runs(scene);
      scene.clock.advance(DAY_MS);
      scene.rsp.answer('GET /nb/user/vrubin/lab', hubError(403, 'Forbidden'));
    },
    act: enter,
    kind: 'signInNotKept',
    questions: 1,
  },
  {
    name: 'hub cookies that are stale',
    arrange: async (scene) => {
      await scene.desk.lab.refresh(never);
      scene.rsp.hub.forgetEverybody();
      runs(scene);
    },
    act: enter,
    questions: 0,
  },
  {
    name: 'an XSRF value that is stale',
    arrange: async (scene) => {
      await scene.desk.lab.refresh(never);
      const stale = hubError(403, 'XSRF cookie does not match POST argument');
      scene.rsp.answer(`POST ${scene.rsp.user('/server')}`, stale, 1);
      scene.rsp.answer('GET /nublado/spawner/v1/user-status', { json: { status: 'pending' } });
    },
    act: start,
    questions: 0,
  },
  {
    name: 'a lab that is away while the hub has it',
    arrange: (scene) => {
      runs(scene);
      scene.rsp.answer('GET /nb/user/vrubin/lab', { status: 424, body: '<html>not running</html>' });
    },
    act: enter,
    kind: 'labAway',
    questions: 0,
  },
  {
    name: 'a site that is down',
    arrange: ({ rsp }) => rsp.answer(LAB_FORM, { status: 502, body: '<html>Bad Gateway</html>' }),
    kind: 'siteDown',
    questions: 0,
  },
  {
    name: 'people whom the site cannot look up at the moment',
    arrange: ({ rsp }) => rsp.answer(LAB_FORM, { status: 500, body: '<html>500</html>' }),
    kind: 'siteDown',
    questions: 0,
  },
  {
    name: 'a sign-in service that is down',
    arrange: ({ rsp }) => {
      rsp.answer(LAB_FORM, invalid);
      rsp.answer(TOKEN_INFO, { status: 503, body: '<html>503</html>' });
    },
    kind: 'siteDown',
    questions: 1,
  },
  {
    name: 'a sign-in service that cannot be reached',
    arrange: ({ rsp }) => {
      rsp.answer(LAB_FORM, invalid);
      rsp.answer(TOKEN_INFO, hangUp);
    },
    kind: 'connectionCut',
    questions: 2, // a connection that breaks when it is used again is tried once more
  },
  {
    name: 'a page in between that wants a sign-in of its own',
    arrange: ({ rsp }) => {
      rsp.answer(LAB_FORM, invalid);
      rsp.answer(TOKEN_INFO, { status: 401, body: '<html>Welcome to the hotel</html>' });
    },
    kind: 'notJson',
    remedy: 'showLog',
    questions: 1,
  },
  {
    name: 'a rate limit',
    arrange: ({ rsp }) =>
      rsp.answer(LAB_FORM, {
        status: 429,
        headers: { 'retry-after': '30' },
        json: { detail: [{ msg: 'Rate limit (1/minute) exceeded', type: 'rate_limited' }] },
      }),
    kind: 'busy',
    questions: 0,
  },
  {
    name: 'a header that the ingress cannot read',
    arrange: ({ rsp }) =>
      rsp.answer(LAB_FORM, {
        status: 400,
        headers: { 'www-authenticate': 'Bearer realm="rsp", error="invalid_request"' },
        json: { detail: [{ msg: 'Malformed Authorization header', type: 'invalid_request' }] },
      }),
    kind: 'refused',
    questions: 0,
  },
];
