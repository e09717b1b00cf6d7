import { errors as undiciErrors } from 'undici';
import { certificateFaultOf } from './certificates';
import { RequestFailure, type FailureFacts } from './failures';
import { ProxyFailure } from './proxyTunnel';

/** What a connection that was not opened, or broke, means for the request that wanted it; sockets included. */
export function toNetworkFailure(error: unknown, request: string): RequestFailure {
  const timedOut =
    error instanceof undiciErrors.HeadersTimeoutError ||
    error instanceof undiciErrors.BodyTimeoutError ||
    error instanceof undiciErrors.ConnectTimeoutError;
  if (timedOut) return new RequestFailure('timeout', request, {}, error);
  return new RequestFailure('network', request, factsOf(error), error);
}

/** Whether the connection broke before there was an answer. */
export function isCutShort(error: unknown): boolean {
  return factsOf(error).reason === 'cutShort';
}

function factsOf(error: unknown): FailureFacts {
  if (error instanceof ProxyFailure) return { ...error.facts, reason: error.reason, proxy: error.proxy };
  if (error instanceof undiciErrors.SocketError) return { reason: 'cutShort' };
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { reason: 'unknownHost' };
  if (code === 'ECONNREFUSED') return { reason: 'connectionRefused' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { reason: 'cutShort' };
  const certificate = certificateFaultOf(code);
  return certificate ? { reason: 'certificate', certificate } : {};
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
