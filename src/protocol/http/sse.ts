import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { HttpStream } from './answer';
import { RequestFailure } from './failures';

const MAX_EVENT_BYTES = 1024 * 1024;

/**
 * The events of a server-sent stream until the server ends it; leaving the loop closes the connection.
 *
 * @throws {@link RequestFailure} `network` (`cutShort`) when the connection breaks, `timeout` when nothing comes for
 * longer than the request allows, `protocol` when it is not an event stream or a single event has no end.
 */
export async function* readEvents(
  stream: HttpStream,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  if (!stream.headers.get('content-type')?.startsWith('text/event-stream')) {
    stream.cancel();
    throw stream.failure({ reason: 'unexpectedShape' }, 'protocol');
  }
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const decoder = new TextDecoder();
  const toLines = lineEnds();
  let bytesOfEvent = 0;
  try {
    for await (const piece of stream.body) {
      const bytes = piece as Uint8Array;
      parser.feed(toLines(decoder.decode(bytes, { stream: true })));
      bytesOfEvent = waiting.length > 0 ? 0 : bytesOfEvent + bytes.byteLength;
      if (bytesOfEvent > MAX_EVENT_BYTES) throw stream.failure({ reason: 'tooLarge' }, 'protocol');
      for (let event = waiting.shift(); event; event = waiting.shift()) yield event;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RequestFailure) throw error;
    const isTimeout = error instanceof Error && error.name === 'BodyTimeoutError';
    throw new RequestFailure(
      isTimeout ? 'timeout' : 'network',
      stream.request,
      isTimeout ? {} : { reason: 'cutShort' },
      error,
    );
  } finally {
    stream.cancel();
  }
}

/**
 * Makes line ends of all kinds one kind, piece by piece: the parser holds back an event after a lone carriage return
 * until another line comes, and loses it when none does.
 */
function lineEnds(): (text: string) => string {
  let hasEnded = false;
  return (text) => {
    const rest = hasEnded && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') hasEnded = text.endsWith('\r');
    return rest.replace(/\r\n?/g, '\n');
  };
}
