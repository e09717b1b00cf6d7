import { never } from '../../fakes/deferred';
import { hubError, redirect } from '../../fakes/fakeHub';
import { CHALLENGES, eventStream, refusedByIngress } from '../../fakes/fakeRsp';
import { CHOICE } from '../../fakes/labs';
import { UNAVAILABLE_FORM } from '../../fakes/samples';
import type { Scene } from '../../fakes/scene';
import { hangUp, type Handler } from '../../fakes/scriptedServer';
import type { BadInput } from './badInput';

const FORM = 'GET /nublado/spawner/v1/lab-form/vrubin';

const start = ({ desk }: Scene) => desk.lab.start(CHOICE, never);
const menu = async ({ desk }: Scene) => {
  await desk.lab.refresh(never);
  return desk.lab.fetchMenu(never);
};
/** The hub takes the start, and the lab stays pending. */
const stayPending = ({ rsp }: Scene): void =>
  rsp.answer(`POST ${rsp.user('/server')}`, () => {
    rsp.lab = { pending: 'spawn', ready: false, url: '/nb/user/vrubin/' };
    return { status: 202 };
  });

/** Events without end, a minute apart. */
const endless =
  ({ clock }: Scene): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const tell = (): void => {
      if (response.destroyed) return;
      clock.advance(60_000);
      response.write('data: {"progress": 35, "message": "[info] Pulling image"}\n\n', () =>
        setImmediate(tell),
      );
    };
    tell();
    return undefined;
  };

const cut: Handler = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: {"progress": 1, "message": "[info] Starting"}\n\ndata: {"prog', () =>
    response.destroy(),
  );
  return undefined;
};

/** What hub, controller and lab answer. */
export const LAB_INPUT: readonly BadInput[] = [
  {
    input: 'a lab form that says "Notebooks unavailable"',
    problem: 'notebooksUnavailable',
    lab: 'none',
    act: (scene) => {
      scene.rsp.answer(FORM, { body: UNAVAILABLE_FORM });
      return menu(scene);
    },
  },
  {
    input: 'a page in place of the lab form',
    problem: 'strangeAnswer',
    lab: 'none',
    act: (scene) => {
      scene.rsp.answer(FORM, { body: '<html>something else</html>' });
      return menu(scene);
    },
  },
  {
    input: 'an answer of the hub of broken JSON',
    problem: 'brokenJson',
    lab: 'unknown',
    isTwin: true,
    act: (scene) => {
      scene.rsp.answer(`GET ${scene.rsp.user()}`, { body: '{"name": "vru' });
      return scene.desk.lab.enter(never);
    },
  },
  {
    input: 'a page in place of an answer of the hub',
    problem: 'notJson',
    lab: 'unknown',
    isTwin: true,
    act: (scene) => {
      scene.rsp.answer(`GET ${scene.rsp.user()}`, { body: '<html>maintenance</html>' });
      return scene.desk.lab.enter(never);
    },
  },
  {
    input: 'a stream of progress without end',
    problem: 'pullTooSlow',
    lab: 'failed',
    act: (scene) => {
      stayPending(scene);
      scene.rsp.answer(`GET ${scene.rsp.user('/server/progress')}`, endless(scene));
      return start(scene);
    },
  },
  {
    input: 'a stream of progress that is cut once',
    problem: undefined,
    lab: 'running',
    act: (scene) => {
      stayPending(scene);
      const progress = `GET ${scene.rsp.user('/server/progress')}`;
      scene.rsp.answer(progress, () => {
        scene.rsp.lab = scene.rsp.readyLab;
        return eventStream({ progress: 100, ready: true, url: '/nb/user/vrubin/' });
      });
      scene.rsp.answer(progress, cut, 1);
      return start(scene);
    },
  },
  {
    input: 'a stream of progress that is cut again and again',
    problem: 'spawnTimedOut',
    lab: 'failed',
    isTwin: true,
    act: (scene) => {
      stayPending(scene);
      scene.rsp.answer(`GET ${scene.rsp.user('/server/progress')}`, cut);
      return start(scene);
    },
  },
  {
    input: 'a hub that is cut off while the lab starts, and stays so',
    problem: 'spawnTimedOut',
    lab: 'failed',
    isTwin: true,
    act: (scene) => {
      stayPending(scene);
      scene.rsp.answer(`GET ${scene.rsp.user()}*`, hangUp);
      return start(scene);
    },
  },
  {
    input: 'a refusal by quota inside the words of the hub',
    problem: 'quotaTooSmall',
    lab: 'failed',
    act: (scene) => {
      const detail =
        '{"detail":[{"msg":"Insufficient quota to spawn requested lab","type":"insufficient_quota"}]}';
      scene.rsp.answer(
        `POST ${scene.rsp.user('/server')}`,
        hubError(500, `Status 403 from POST x\nBody:\n${detail}`),
      );
      return start(scene);
    },
  },
  {
    input: 'a token with too little life left for a lab',
    problem: 'tokenTooShort',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.gafaelfawr.change({ expires: new Date(Date.now() + 60_000) });
      scene.rsp.answer(`POST ${scene.rsp.user('/server')}`, refusedByIngress(403, CHALLENGES.short));
      return start(scene);
    },
  },
  {
    input: "somebody else's address",
    problem: 'wrongUser',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer('GET /nb/hub/gafaelfawr/login', refusedByIngress(403, CHALLENGES.wrongUser));
      return scene.desk.lab.enter(never);
    },
  },
  {
    input: 'a sign-in that leads to another host',
    problem: 'strangeRedirect',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer(
        'GET /nb/hub/gafaelfawr/login',
        redirect(`http://localhost:${scene.elsewhere.port}/nb/hub/home`),
      );
      return scene.desk.lab.enter(never);
    },
  },
  {
    input: 'a sign-in that does not keep',
    problem: 'signInNotKept',
    lab: 'unknown',
    act: (scene) => {
      scene.rsp.answer('GET /nb/hub/gafaelfawr/login', { body: '<html>no cookie</html>' });
      return scene.desk.lab.enter(never);
    },
  },
  {
    input: 'a lab that is away when it is entered',
    problem: 'labAway',
    lab: 'running',
    act: (scene) => {
      scene.rsp.lab = scene.rsp.readyLab;
      scene.rsp.answer('GET /nb/user/vrubin/lab', { status: 424, body: '<html>gone</html>' });
      return scene.desk.lab.enter(never);
    },
  },
];
