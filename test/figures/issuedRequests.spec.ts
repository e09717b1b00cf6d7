import { deepEqual } from 'node:assert/strict';

import type { RequestEntry } from '../platform/ingress/requestLog';
import { issuedRequests } from './issuedRequests';

describe('Requests that were issued', () => {
  function entry(path: string, redirectsTo?: string): RequestEntry {
    return {
      atMs: 0,
      method: 'GET',
      host: 'nb.rsp.localhost:80',
      path,
      search: '',
      status: redirectsTo === undefined ? 200 : 302,
      upgrade: false,
      ...(redirectsTo !== undefined && { redirectsTo: `nb.rsp.localhost:80${redirectsTo}` }),
    };
  }

  it('are those that follow no redirect', () => {
    const entries = [entry('/a', '/b'), entry('/b', '/c'), entry('/c'), entry('/d')];
    deepEqual(
      issuedRequests(entries).map(({ path }) => path),
      ['/a', '/d'],
    );
  });

  it('include what a redirect named, when it is sent later or elsewhere', () => {
    const entries = [
      entry('/a', '/b'),
      entry('/c'),
      entry('/b'),
      entry('/d', '/e'),
      { ...entry('/e'), host: 'elsewhere' },
    ];
    deepEqual(issuedRequests(entries), entries);
  });
});
