import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createDispatcher, trustedCertificates } from '../../../../src/protocol/http/dispatcher';
import { HttpClient } from '../../../../src/protocol/http/httpClient';
import { silentLog } from '../../../../src/common/log';
import { never } from '../../../fakes/deferred';

describe('the way out of this computer', () => {
  it('leads through the proxy of the settings, but for hosts that are excepted', async () => {
    const asked: string[] = [];
    const proxy = createServer((message, response) => {
      asked.push(`${message.method ?? ''} ${message.url ?? ''}`);
      response.end('through the proxy');
    });
    proxy.on('connect', (message: IncomingMessage, socket: Socket) => {
      asked.push(`CONNECT ${message.url ?? ''}`);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsite'));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const own = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const client = new HttpClient(
      createDispatcher({ proxyUrl: `http://${own}`, noProxy: ['127.0.0.1'] }),
      'rsp-notebooks/test',
      silentLog,
    );
    try {
      await client.exchange({ method: 'GET', url: new URL('http://site.invalid/a') }, never);
      await client.exchange({ method: 'GET', url: new URL(`http://${own}/direct`) }, never);
      assert.deepEqual([asked[0]?.includes('site.invalid'), asked.at(-1)], [true, 'GET /direct']);
    } finally {
      await client.close();
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('trusts real certificates, each once', () => {
    const certificates = trustedCertificates();
    assert.deepEqual(
      [
        certificates.length > 50,
        certificates.length === new Set(certificates).size,
        trustedCertificates() === certificates,
      ],
      [true, true, true],
    );
  });
});
