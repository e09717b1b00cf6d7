import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { WayOut } from '../../../../src/protocol/http/wayOut';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { HttpClient } from '../../../../src/protocol/http/httpClient';
import { never } from '../../../fakes/deferred';
import { hangUp, ScriptedServer } from '../../../fakes/scriptedServer';

describe('a request whose connection breaks before the answer', () => {
  let server: ScriptedServer;
  let http: HttpClient;
  let breaks = 0;
  beforeEach(async () => {
    server = await ScriptedServer.start((seen, response) =>
      breaks-- > 0 ? hangUp(seen, response) : { body: 'here' },
    );
    http = new HttpClient(
      new WayOut({ mayUseProxy: false }, silentLog).createDispatcher(),
      'test/1',
      silentLog,
    );
  });
  afterEach(async () => {
    await http.close();
    await server.stop();
  });

  const ask = async (method: string): Promise<unknown> => {
    const url = new URL(`http://127.0.0.1:${server.port}/x`);
    try {
      return (await http.exchange({ method, url }, never)).text();
    } catch (error) {
      return error instanceof RequestFailure ? error.kind : error;
    }
  };

  it('is sent once more when it changes nothing', async () => {
    breaks = 1;
    assert.deepEqual([await ask('GET'), server.lines], ['here', ['GET /x', 'GET /x']]);
  });

  it('fails when the connection breaks again', async () => {
    breaks = 2;
    assert.deepEqual([await ask('GET'), server.lines.length], ['network', 2]);
  });

  it('is never sent again when it may have changed something', async () => {
    breaks = 1;
    assert.deepEqual([await ask('POST'), server.lines], ['network', ['POST /x']]);
  });
});
