import '../../setup/loopbackNames.cjs';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { systemClock } from '../../../src/common/clock';
import { Secret } from '../../../src/common/secret';
import type { Account } from '../../../src/domain/accounts/account';
import type { Accounts } from '../../../src/domain/accounts/accounts';
import { Renewal } from '../../../src/domain/accounts/renewal';
import { RetiredTokens } from '../../../src/domain/accounts/retiredTokens';
import { SignIn } from '../../../src/domain/accounts/signIn';
import { TokenFamily } from '../../../src/domain/accounts/tokenFamily';
import type { Desk } from '../../../src/domain/desk';
import { Desks } from '../../../src/domain/desks';
import type { FormChoice } from '../../../src/domain/lab/labMenu';
import { Protocol } from '../../../src/protocol';
import { accountsOn } from '../../fakes/accounts';
import { JumpingClock } from '../../fakes/jumpingClock';
import { MapMemory } from '../../fakes/mapMemory';
import { RecordingLog } from '../../fakes/recordingLog';
import { runCode } from '../clients/kernelTalk';

const never = new AbortController().signal;

export const DEFAULTS: FormChoice = { kind: 'form', name: '', options: {} };

/** Somebody who works at a plain hub with all of the extension but the editor. */
export class HubPerson {
  readonly log = new RecordingLog();
  readonly protocol = new Protocol({ network: {}, userAgent: 'rsp-notebooks/person', log: this.log });
  readonly accounts: Accounts = accountsOn();
  readonly signIn: SignIn;
  readonly desks: Desks;

  constructor() {
    const protocol = (): Promise<Protocol> => Promise.resolve(this.protocol);
    this.desks = new Desks(this.accounts, protocol, systemClock, this.log);
    this.signIn = new SignIn(protocol, this.accounts, this.log);
  }

  /** Signs in with a token, by any address of the hub. */
  async enterWith(address: string, token: string): Promise<Account> {
    const site = await this.signIn.findSite(address, never);
    return this.signIn.save(await this.signIn.check(site, new Secret(token), never));
  }

  deskOf({ id }: Account): Desk {
    return this.desks.of(id);
  }

  /** What replaces tokens by others. */
  renewal(): Renewal {
    const protocol = (): Promise<Protocol> => Promise.resolve(this.protocol);
    const { accounts, log } = this;
    const family = new TokenFamily(protocol, (id) => this.desks.of(id).lab);
    const retired = new RetiredTokens(new MapMemory());
    const clock = new JumpingClock(Date.now());
    return new Renewal({ protocol, accounts, family, retired, computerName: 'laptop', clock, log });
  }

  /** What servers were asked for since `mark`, as method and path. */
  asked(mark = 0): readonly string[] {
    return this.log.lines.slice(mark).flatMap((line) => {
      const found = /((?:GET|POST|PUT|PATCH|DELETE) \S+) on \S+: \d+ after/.exec(line)?.[1];
      return found === undefined ? [] : [found];
    });
  }

  /** Runs a cell in a new kernel of the lab, and ends that. */
  async runCell(account: Account, code: string): Promise<string> {
    const { address, fetch, socketClass } = await this.deskOf(account).lab.enter(never);
    const kernels = new URL('api/kernels', address.url);
    const body = JSON.stringify({ name: 'python3' });
    const { id } = z
      .object({ id: z.string() })
      .parse(await (await fetch(kernels, { method: 'POST', body })).json());
    const channels = new URL(`${kernels.pathname}/${id}/channels`, kernels);
    const socket: WebSocket = new socketClass(channels.href.replace(/^http/, 'ws'));
    const { text } = await runCode(socket, code);
    socket.close();
    await fetch(new URL(`${kernels.pathname}/${id}`, kernels), { method: 'DELETE' });
    return text;
  }

  async leave(): Promise<void> {
    this.desks.dispose();
    this.accounts.dispose();
    await this.protocol.close();
  }
}
