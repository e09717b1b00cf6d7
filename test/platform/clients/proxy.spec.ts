import { deepEqual, match, rejects } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import type { Account } from '../../../src/domain/accounts/account';
import { diagnose, type Finding } from '../../../src/domain/diagnosis/diagnosis';
import type { NetworkSettings } from '../../../src/protocol/http/proxyChoice';
import { probeSocket } from '../../../src/protocol/jupyter/socketProbe';
import { ConnectProxy } from '../../fakes/connectProxy';
import { never } from '../../fakes/deferred';
import { type Platform, startPlatform } from '../platform';
import { Person } from './person';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 120_000;
const LOGIN = 'vera:canary-password';

describe('Somebody behind a proxy, at a site with a certificate of its own authority', () => {
  let platform: Platform;
  let proxy: ConnectProxy;
  let authority: string;
  const people: Person[] = [];

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    [platform, proxy] = await Promise.all([
      startPlatform({ subdomains: true, tls: true }),
      ConnectProxy.start({ login: LOGIN }),
    ]);
    authority = await readFile(platform.caFile ?? '', 'utf8');
  });

  after(async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    for (const person of people) await person.leave();
    await platform.stop();
    await proxy.stop();
  });

  const personBy = (settings: NetworkSettings): Person => {
    const network = { loadSystemCertificates: () => Promise.resolve([authority]), ...settings };
    const person = new Person(platform, { network });
    people.push(person);
    return person;
  };
  const signIn = (person: Person): Promise<Account> => person.useToken(platform.tokenOf('vrubin'));

  it('starts a lab and reaches its kernels through it, with requests and sockets', async () => {
    const person = personBy({ proxyUrl: `http://${LOGIN}@${proxy.name}` });
    const account = await signIn(person);
    await person.startLab(account);
    proxy.asked.length = 0;
    const findings: Finding[] = [];
    for await (const finding of diagnose(account, person.protocol, never)) findings.push(finding);
    const hosts = new Set(proxy.asked.map((each) => each.replace(/:\d+$/, '')));
    deepEqual(
      [findings.filter(({ verdict }) => verdict !== 'good'), [...hosts].sort()],
      [[], ['nb.rsp.localhost', 'rsp.localhost', 'vrubin.nb.rsp.localhost']],
    );
    match(findings[0]?.sentence ?? '', new RegExp(`through the proxy ${proxy.name}, named by the setting`));
    const { address, socketClass } = await person.enterLab(account);
    proxy.asked.length = 0;
    await probeSocket(socketClass, address.url, never); // nothing but a socket, which always has a connection of its own
    deepEqual(proxy.asked, [address.url.host]);
    await person.stopLab(account);
  }).timeout(SPAWN_TIMEOUT_MS);

  it('is told which proxy does not know them', async () => {
    const wrong = personBy({ proxyUrl: `http://vera:canary-wrong@${proxy.name}` });
    await rejects(signIn(wrong), ({ message }: Error) => {
      match(message, new RegExp(`^The proxy ${proxy.name} does not accept who asks`));
      return !message.includes('canary');
    });
  });

  it('is told that the authority is not trusted, and nothing is sent', async () => {
    const mark = platform.requests.mark();
    const wary = personBy({
      proxyUrl: `http://${LOGIN}@${proxy.name}`,
      loadSystemCertificates: () => Promise.resolve([]),
    });
    await rejects(
      signIn(wary),
      /comes from an authority that this computer does not trust. Nothing was sent/,
    );
    deepEqual(platform.requests.since(mark).length, 0);
  });
});
