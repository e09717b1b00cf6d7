import { deepEqual } from 'node:assert/strict';
import { SecretScan } from './secretScan';

describe('the search for secrets of the wire', () => {
  it('finds each that was written, also in pieces, escaped, or before it was known', () => {
    const secrets = new Set(['first-secret-value']);
    const scan = new SecretScan(secrets);
    scan.add('a line\nwith first-sec');
    scan.add('ret-value\nand later="2|1:0|10"\n and x=2%7C1%3A0%7C44');
    const before = scan.count();
    secrets.add('2|1:0|10').add('2|1:0|44').add('never written');
    deepEqual([before, scan.count(), scan.count()], [1, 3, 3]);
  });

  it('does not lose one in a long text', () => {
    const scan = new SecretScan(new Set(['the-secret-value']));
    const filler = '.'.repeat(1_000_000);
    scan.add(`${filler}the-secret-value`);
    for (let piece = 0; piece < 20; piece++) scan.add(filler);
    deepEqual(scan.count(), 1);
  });
});
