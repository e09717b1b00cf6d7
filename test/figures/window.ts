import { systemClock } from '../../src/common/clock';
import type { Event } from '../../src/common/emitter';
import { lazy } from '../../src/common/lazy';
import type { Log } from '../../src/common/log';
import { accountsOn } from '../fakes/accounts';
import type { SecretPort } from '../../src/domain/accounts/accountStore';
import { Desks } from '../../src/domain/desks';
import { toChoice } from '../../src/domain/lab/labMenu';
import type { LabServer } from '../../src/domain/lab/labEntry';
import type { LabState } from '../../src/domain/lab/labState';
import { SignIn } from '../../src/domain/accounts/signIn';
import { Protocol } from '../../src/protocol';
import { menuOf } from '../fakes/samples';

export const USER_AGENT = 'rsp-notebooks/figures';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A window of the editor in which somebody is signed in, as far as servers can tell: all of it but the editor. */
export interface Window {
  /** Starts a lab of the first image and size on offer, and waits until it is ready. */
  startLab(): Promise<void>;
  /** Stops the lab and waits until it is gone. */
  stopLab(): Promise<void>;
  /** What the tree, the picker and the status bar are told of the lab. */
  readonly onDidChangeLab: Event<LabState>;
  /** What the tree does to know how the lab is. */
  lookAtLab(): Promise<LabState>;
  /** What the server provider does when the Jupyter extension wants the lab that runs. */
  pickLab(): Promise<LabServer>;
  close(): Promise<void>;
}

/** A fresh window, without cookies and connections. */
export async function openWindow(
  person: { readonly baseUrl: URL; readonly token: string },
  log: Log = silent,
): Promise<Window> {
  const never = new AbortController().signal;
  const secrets = memorySecrets();
  // Signing in has a connection of its own, so that nothing of it is left when the lab is picked.
  const accountId = await signIn(person, secrets);
  const protocol = new Protocol({ network: {}, userAgent: USER_AGENT, log });
  const accounts = accountsOn(secrets, log);
  const desks = new Desks(
    accounts,
    lazy(() => Promise.resolve(protocol)),
    systemClock,
    log,
  );
  await accounts.load();
  return {
    startLab: async () => {
      const { lab } = desks.of(accountId);
      const { images, sizes } = menuOf(await lab.fetchMenu(never));
      const [image] = images;
      const [size] = sizes;
      if (!image || !size) throw new Error('The platform offers no image or no size.');
      await lab.start(toChoice(image, size), never);
    },
    stopLab: () => desks.of(accountId).lab.stop(never),
    onDidChangeLab: (listener) => desks.of(accountId).lab.onDidChange(listener),
    lookAtLab: () => desks.of(accountId).lab.refresh(never),
    pickLab: async () => {
      await accounts.load();
      return desks.of(accountId).lab.enter(never);
    },
    close: async () => {
      desks.dispose();
      accounts.dispose();
      await protocol.close();
    },
  };
}

async function signIn(
  { baseUrl, token }: { readonly baseUrl: URL; readonly token: string },
  secrets: SecretPort,
): Promise<string> {
  const never = new AbortController().signal;
  const protocol = new Protocol({ network: {}, userAgent: USER_AGENT, log: silent });
  const accounts = accountsOn(secrets, silent);
  const flow = new SignIn(() => Promise.resolve(protocol), accounts, silent);
  const site = await flow.findSite(baseUrl.href, never);
  const { id } = await flow.save(await flow.check(site, token, never));
  accounts.dispose();
  await protocol.close();
  return id;
}

function memorySecrets(): SecretPort {
  const values = new Map<string, string>();
  return {
    keys: () => Promise.resolve([...values.keys()]),
    get: (key) => Promise.resolve(values.get(key)),
    store: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
    onDidChange: () => ({ dispose: () => undefined }),
  };
}
