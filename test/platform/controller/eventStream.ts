import type { ServerResponse } from 'node:http';
import type { StreamFault } from '../faults';
import { type LabEvents, printEvent } from './labEvents';

const PING_INTERVAL_MS = 15_000;

/** Serves a lab's events as server-sent events until there are no more, or the fault of the hour says otherwise. */
export function streamEvents(
  events: LabEvents,
  response: ServerResponse,
  fault: StreamFault | undefined,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  let sent = 0;
  const forward = () => {
    if (fault?.kind === 'silent') return;
    for (const event of events.all.slice(sent)) {
      // An endless stream tells of progress, never of an end.
      if (fault?.kind === 'endless' && (event.type === 'complete' || event.type === 'failed')) break;
      if (fault?.kind === 'cut' && sent >= fault.afterEvents) {
        response.destroy();
        return;
      }
      response.write(printEvent(event));
      sent += 1;
    }
    if (events.isClosed && fault?.kind !== 'endless') response.end();
  };
  const pings = setInterval(() => {
    response.write(`event: ping\r\ndata: ${new Date().toISOString()}\r\n\r\n`);
  }, PING_INTERVAL_MS);
  const stop = events.onNews(forward);
  response.once('close', () => {
    clearInterval(pings);
    stop();
  });
  forward();
}
