import type { SiteLink } from '../../src/protocol';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { accountsOn } from './accounts';
import type { Desk } from '../../src/domain/desk';
import { Desks } from '../../src/domain/desks';
import { SignIn } from '../../src/domain/accounts/signIn';
import { FakeRsp, type FakeRspOptions } from './fakeRsp';
import { JumpingClock } from './jumpingClock';
import { MemorySecrets } from './memorySecrets';
import { RecordingLog } from './recordingLog';
import { sampleAccount, sampleSite } from './samples';
import { ScriptedServer } from './scriptedServer';

/** Somebody who is signed in to a fake RSP, with everything that the extension keeps for them but the editor. */
export interface Scene {
  readonly rsp: FakeRsp;
  /** A server that nothing must ever be sent to. */
  readonly elsewhere: ScriptedServer;
  readonly secrets: MemorySecrets;
  readonly store: Accounts;
  readonly signIn: SignIn;
  readonly account: Account;
  readonly desk: Desk;
  readonly link: SiteLink;
  readonly clock: JumpingClock;
  readonly log: RecordingLog;
  stop(): Promise<void>;
}

export async function startScene(options: FakeRspOptions = {}): Promise<Scene> {
  const rsp = await FakeRsp.start(options);
  const elsewhere = await ScriptedServer.start(() => ({ body: 'caught' }));
  const clock = options.clock instanceof JumpingClock ? options.clock : new JumpingClock();
  const [log, secrets] = [new RecordingLog(), new MemorySecrets()];
  const store = accountsOn(secrets, log);
  const protocol = rsp.protocol(log);
  const getProtocol = () => Promise.resolve(protocol);
  const desks = new Desks(store, getProtocol, clock, log);
  const { baseUrl, hubUrl, controllerUrl, gafaelfawrUrl, username } = rsp;
  const site = { ...sampleSite(baseUrl.href, 'example'), hubUrl, controllerUrl, gafaelfawrUrl };
  const account = sampleAccount({ site, username, token: new Secret(rsp.token) });
  await store.save(account);
  return {
    rsp,
    elsewhere,
    secrets,
    store,
    signIn: new SignIn(getProtocol, store, log),
    account,
    desk: desks.of(account.id),
    link: protocol.link(site, username, () => account.token),
    clock,
    log,
    stop: async () => {
      desks.dispose();
      store.dispose();
      await rsp.stop();
      await elsewhere.stop();
    },
  };
}
