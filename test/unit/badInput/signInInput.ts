import { Secret } from '../../../src/common/secret';
import { never } from '../../fakes/deferred';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../fakes/samples';
import type { Scene } from '../../fakes/scene';
import type { BadInput } from './badInput';

const DISCOVERY = 'GET /repertoire/discovery';
const TOKEN_INFO = 'GET /auth/api/v1/token-info';

const find = ({ rsp, signIn }: Scene) => signIn.findSite(rsp.baseUrl.href, never);
const paste = async (scene: Scene, text: string) => scene.signIn.check(await find(scene), text, never);

/** What people paste, and what sites answer to it. */
export const SIGN_IN_INPUT: readonly BadInput[] = [
  {
    input: 'an address that is none',
    problem: 'siteAddress',
    lab: 'unknown',
    act: ({ signIn }) => signIn.findSite('two words', never),
  },
  {
    input: 'an address without encryption',
    problem: 'siteInsecure',
    lab: 'unknown',
    act: ({ signIn }) => signIn.findSite('http://data.example', never),
  },
  {
    input: 'the address of something that is no RSP',
    problem: 'noSite',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer('GET *', { body: '<html>a shop</html>' });
      scene.rsp.answer('GET /auth/*', { status: 404 });
      return find(scene);
    },
  },
  {
    input: 'a site without notebooks',
    problem: 'noNotebooks',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer(DISCOVERY, { json: { services: { ui: {} } } });
      return find(scene);
    },
  },
  {
    input: 'a site whose services are elsewhere',
    problem: 'foreignServices',
    lab: 'unknown',
    act: (scene) => {
      const url = `http://localhost:${scene.elsewhere.port}/nb`;
      scene.rsp.answer(DISCOVERY, { json: { services: { ui: { nublado: { url } } } } });
      return find(scene);
    },
  },
  {
    input: 'a discovery of broken JSON',
    problem: 'brokenJson',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer(DISCOVERY, { body: '{"services": {"ui": {"nubl' });
      return find(scene);
    },
  },
  {
    input: 'a discovery of HTML',
    problem: 'notJson',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer(DISCOVERY, { body: '<html>Sign in to the network</html>' });
      return find(scene);
    },
  },
  {
    input: 'a token of wrong shape',
    problem: 'tokenShape',
    lab: 'unknown',
    act: (scene) => paste(scene, 'gt-too-short'),
  },
  {
    input: 'a token that is known to be of another site',
    problem: 'tokenOfOtherSite',
    lab: 'unknown',
    act: async (scene) => {
      const site = sampleSite('https://other.example', 'other');
      await scene.store.save(sampleAccount({ site, token: new Secret(OTHER_TOKEN) }));
      return paste(scene, OTHER_TOKEN).finally(() => scene.store.remove('other.example#vrubin'));
    },
  },
  {
    input: 'a token that the site does not know',
    problem: 'tokenUnknown',
    lab: 'unknown',
    act: (scene) => paste(scene, OTHER_TOKEN),
  },
  {
    input: 'a token that is known to have expired',
    problem: 'tokenExpired',
    lab: 'unknown',
    act: async (scene) => {
      const { site } = scene.account;
      await scene.store.save(
        sampleAccount({ site, username: 'old', token: new Secret(OTHER_TOKEN), tokenExpires: new Date(0) }),
      );
      return paste(scene, OTHER_TOKEN).finally(() => scene.store.remove(`${site.host}#old`));
    },
  },
  {
    input: 'a token without exec:notebook',
    problem: 'scopeMissing',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer(TOKEN_INFO, {
        json: { token: 'k', username: 'vrubin', token_type: 'user', scopes: ['read:tap'] },
      });
      return paste(scene, scene.rsp.token);
    },
  },
];
