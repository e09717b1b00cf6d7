import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../../src/common/clock';
import { silentLog } from '../../../../src/common/log';
import type { Connection } from '../../../../src/protocol/connection/connection';
import { createKernelSocketClass, KERNEL_PROTOCOL } from '../../../../src/protocol/jupyter/kernelSocket';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { never } from '../../../fakes/deferred';

describe('a socket to a kernel', () => {
  let token = 'first';
  const connection: Pick<Connection, 'socketHeaders'> = {
    socketHeaders: (url) => ({ authorization: `Bearer ${token}`, 'x-xsrftoken': 'x', 'x-for': url.pathname }),
  };
  const KernelSocket = createKernelSocketClass(connection as Connection, systemClock, silentLog);
  const listen = async () => {
    const server = createServer();
    const upgrades: IncomingMessage[] = [];
    const sockets = new WebSocketServer({
      server,
      handleProtocols: (offered) => [...offered][0] ?? false,
    });
    sockets.on('connection', (_, request) => upgrades.push(request));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/nb/user/v/api/kernels/1/channels`;
    const stop = (): void => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.close();
    };
    return { address, upgrades, stop };
  };

  it('carries the credentials of the moment it is made, in headers and not in its address', async () => {
    const { address, upgrades, stop } = await listen();
    try {
      token = 'first';
      await once(new KernelSocket(address), 'open');
      token = 'second';
      await once(new KernelSocket(new URL(`${address}?session_id=1`), []), 'open');
      assert.deepEqual(
        upgrades.map(({ url, headers }) => [
          url,
          headers.authorization,
          headers['x-xsrftoken'],
          headers['x-for'],
        ]),
        ['', '?session_id=1'].map((query, index) => [
          `/nb/user/v/api/kernels/1/channels${query}`,
          `Bearer ${index === 0 ? 'first' : 'second'}`,
          'x',
          '/nb/user/v/api/kernels/1/channels',
        ]),
      );
    } finally {
      stop();
    }
  });

  it('asks for the sub-protocol of labs unless the client names others, and lets no client replace its headers', async () => {
    const { address, upgrades, stop } = await listen();
    const theirs = {
      headers: { authorization: 'token abc', cookie: 'a=b' },
      origin: 'https://elsewhere.example',
    };
    try {
      for (const socket of [
        new KernelSocket(address),
        new KernelSocket(address, theirs),
        new KernelSocket(address, ['own'], theirs),
      ])
        await once(socket, 'open');
      assert.deepEqual(
        upgrades.map(({ headers }) => [
          headers['sec-websocket-protocol'],
          headers.authorization,
          headers.cookie,
        ]),
        [KERNEL_PROTOCOL, KERNEL_PROTOCOL, 'own'].map((name) => [name, 'Bearer second', undefined]),
      );
    } finally {
      stop();
    }
  });

  it('is a socket as the ws library makes them', async () => {
    const { address, stop } = await listen();
    try {
      const socket = new KernelSocket(address);
      const names = ['send', 'close', 'ping', 'terminate', 'addEventListener'] as const;
      assert.deepEqual(
        [names.map((name) => typeof socket[name]), socket.readyState, KernelSocket.name],
        [names.map(() => 'function'), 0, 'KernelSocket'],
      );
      await once(socket, 'open');
    } finally {
      stop();
    }
  });

  it('fails without showing what it sent when it is turned away', async () => {
    const rsp = await FakeRsp.start();
    try {
      const link = rsp.link();
      await link.connection.enterLab(rsp.labAddress, never);
      const address = new URL('api/kernels/1/channels', rsp.labUrl.href.replace('http', 'ws'));
      const socket = new link.socketClass(address);
      const events: unknown[] = [];
      socket.onerror = (event) => void events.push(event);
      const [error] = (await once(socket, 'close', { signal: AbortSignal.timeout(5000) }).catch(
        (reason: unknown) => [reason],
      )) as [unknown];
      const dump = inspect([error, events, socket], { depth: 10 });
      const sent = rsp.server.seen.at(-1)?.headers.authorization;
      assert.deepEqual(
        [events.length, sent, dump.includes(rsp.token), dump.includes('mark-lab')],
        [1, `Bearer ${rsp.token}`, false, false],
      );
    } finally {
      await rsp.stop();
    }
  });

  it('goes nowhere but to the lab', async () => {
    const rsp = await FakeRsp.start();
    try {
      const link = rsp.link();
      await link.connection.enterLab(rsp.labAddress, never);
      assert.throws(
        () => new link.socketClass('wss://elsewhere.example/nb/user/vrubin/api/kernels/1/channels'),
        {
          reason: 'foreignRedirect',
        },
      );
    } finally {
      await rsp.stop();
    }
  });
});
