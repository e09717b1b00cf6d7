import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../../../../src/common/clock';
import { silentLog } from '../../../../src/common/log';
import type { Connection } from '../../../../src/protocol/connection/connection';
import type { RequestFailure } from '../../../../src/protocol/http/failures';
import { WayOut } from '../../../../src/protocol/http/wayOut';
import {
  createKernelSocketClass,
  KERNEL_PROTOCOL,
  type KernelSocketClass,
} from '../../../../src/protocol/jupyter/kernelSocket';
import { KernelWork } from '../../../../src/protocol/jupyter/kernelWork';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { never } from '../../../fakes/deferred';

describe('a socket to a kernel', () => {
  let token = 'first';
  const connection: Pick<Connection, 'socketHeaders'> = {
    socketHeaders: (url) => ({ authorization: `Bearer ${token}`, 'x-xsrftoken': 'x', 'x-for': url.pathname }),
  };
  const work = new KernelWork(systemClock);
  const wayOut = new WayOut({ mayUseProxy: false }, silentLog);
  const KernelSocket = createKernelSocketClass(
    connection as Connection,
    systemClock,
    silentLog,
    work,
    never,
    wayOut,
  );
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
    let connections = 0;
    server.on('connection', () => connections++);
    return { address, upgrades, clients: sockets.clients, connections: () => connections, stop };
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
      const socket = new link.socketClass('wss://elsewhere.example/nb/user/vrubin/api/kernels/1/channels');
      const [error] = (await once(socket, 'error')) as [RequestFailure];
      assert.equal(error.reason, 'foreignRedirect');
    } finally {
      await rsp.stop();
    }
  });

  it('tells that somebody works with each message, in either direction, and not by being open', async () => {
    const { address, clients, stop } = await listen();
    try {
      let nowMs = 0;
      const clock = { ...systemClock, nowMs: () => nowMs };
      const own = new KernelWork(clock);
      const Socket = createKernelSocketClass(connection as Connection, clock, silentLog, own, never, wayOut);
      const socket = new Socket(address);
      await once(socket, 'open');
      const [client] = clients;
      assert.ok(client);
      const seen = [own.isUnderWay];
      const arrived = once(client, 'message');
      socket.send('{}');
      seen.push(own.isUnderWay);
      await arrived;
      nowMs = 60_000;
      seen.push(own.isUnderWay);
      const answered = once(socket, 'message');
      client.send('{}');
      await answered;
      assert.deepEqual([...seen, own.isUnderWay], [false, true, false, true]);
    } finally {
      stop();
    }
  });

  describe('at the sign-out', () => {
    let server: Awaited<ReturnType<typeof listen>>;
    let ending: AbortController;
    let Socket: KernelSocketClass;
    beforeEach(async () => {
      server = await listen();
      ending = new AbortController();
      Socket = createKernelSocketClass(
        connection as Connection,
        systemClock,
        silentLog,
        work,
        ending.signal,
        wayOut,
      );
    });
    afterEach(() => server.stop());

    /** `once` would fail with the socket's error. */
    const closeOf = (socket: WebSocket) => new Promise((resolve) => socket.once('close', resolve));
    const eventsOf = (socket: WebSocket): string[] => {
      const seen: string[] = [];
      socket.on('error', (error) => seen.push(`error ${error.message}`));
      socket.on('close', (code, reason) => seen.push(`close ${code} ${reason.toString()}`));
      return seen;
    };

    it('is closed in order, and leaves nobody listening', async () => {
      const open = [new Socket(server.address), new Socket(server.address)];
      await Promise.all(open.map((socket) => once(socket, 'open')));
      const seen = open.map(eventsOf);
      const closed = open.map(closeOf);
      const told = [...server.clients].map((client) => once(client, 'close'));
      ending.abort();
      const codes = (await Promise.all(told)).map(([code, reason]) => `${String(code)} ${String(reason)}`);
      await Promise.all(closed);
      assert.deepEqual(
        [codes, seen, server.clients.size, getEventListeners(ending.signal, 'abort').length],
        [Array(2).fill('1001 signed out'), Array(2).fill(['close 1001 signed out']), 0, 0],
      );
    });

    it('is closed soon when the lab does not answer, and not after half a minute as the library has it', async () => {
      const socket = new Socket(server.address);
      await once(socket, 'open');
      for (const client of server.clients) client.pause();
      ending.abort();
      const [code] = (await once(socket, 'close')) as [number];
      assert.equal(code, 1006);
    });

    it('fails when it is still opening, also where nobody listens', async () => {
      const [heard, unheard] = [new Socket(server.address), new Socket(server.address)];
      const seen = eventsOf(heard);
      const closed = [closeOf(heard), closeOf(unheard)];
      ending.abort();
      await Promise.all(closed);
      assert.deepEqual(seen, [
        'error WebSocket was closed before the connection was established',
        'close 1006 ',
      ]);
    });

    it('fails at once when it comes later, without a connection and without a secret', async () => {
      ending.abort();
      const socket = new Socket(server.address);
      const seen = eventsOf(socket);
      const state = socket.readyState;
      await closeOf(socket);
      assert.deepEqual(
        [state, socket.readyState, seen, server.connections(), inspect(socket).includes('second')],
        [
          socket.CONNECTING,
          socket.CLOSED,
          ['error The sign-in that this socket is for has ended.', 'close 1006 '],
          0,
          false,
        ],
      );
    });
  });
});
