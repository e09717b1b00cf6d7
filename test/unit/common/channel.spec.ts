import assert from 'node:assert/strict';
import { Channel } from '../../../src/common/channel';
import { settle } from '../../fakes/deferred';

describe('a channel', () => {
  const listen = async (channel: Channel<number>, heard: (number | string)[]): Promise<void> => {
    try {
      for await (const value of channel) heard.push(value);
      heard.push('end');
    } catch (error) {
      heard.push(String(error));
    }
  };

  it('delivers in order what was put before and while somebody listens, and nothing after its end', async () => {
    const channel = new Channel<number>();
    const heard: (number | string)[] = [];
    channel.put(1);
    const listening = listen(channel, heard);
    await settle();
    channel.put(2);
    channel.put(3);
    await settle();
    const soFar = [...heard];
    channel.put(4);
    channel.close();
    channel.put(5);
    await listening;
    assert.deepEqual(
      [soFar, heard],
      [
        [1, 2, 3],
        [1, 2, 3, 4, 'end'],
      ],
    );
  });

  it('ends with its first end, and with a failure only after what was put before', async () => {
    const [failing, closing] = [new Channel<number>(), new Channel<number>()];
    failing.put(1);
    failing.fail(new Error('broken'));
    failing.close();
    closing.close();
    closing.fail(new Error('too late'));
    const heard: (number | string)[] = [];
    await listen(failing, heard);
    await listen(closing, heard);
    assert.deepEqual(heard, [1, 'Error: broken', 'end']);
  });
});
