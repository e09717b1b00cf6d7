import assert from 'node:assert/strict';
import { startFront } from '../platform/front';
import { lookAround, pickRunningLab, runCell, signIn, startLabFromPalette, stopLab, walkPath } from './path';
import { VIEW } from './signInSteps';
import { onStage } from './stage';

const WALK_WITHIN_MS = 6 * 60_000;

onStage('on one host', { site: { subdomains: false, tls: false } }, (at) => {
  it('leads from the Accounts menu over the kernel picker to a plot, and stops the lab', async function () {
    this.timeout(WALK_WITHIN_MS);
    await walkPath(at());
  });
});

onStage('on a host for each person, over TLS', { site: { subdomains: true, tls: true } }, (at) => {
  it('starts a lab from the palette, and the notebook joins the lab that runs', async function () {
    this.timeout(WALK_WITHIN_MS);
    await signIn(at());
    await startLabFromPalette(at());
    await pickRunningLab(at());
    await runCell(at());
    await lookAround(at());
    await stopLab(at());
  });

  it('says that nothing was sent when the certificate is of an authority that is not trusted', async () => {
    const { driver, platform, belongings } = at();
    await platform.stop();
    const { config, baseUrl } = platform;
    // In its place, with a new authority of its own.
    const other = await startFront({ config, subdomains: true, tls: true, port: Number(baseUrl.port) });
    belongings.add(other);
    await driver.reload();
    await driver.workbench.openViewContainer(VIEW);
    await driver.page.getByText('is not trusted on this computer').waitFor();
    await driver.screenshot('untrusted-certificate');
    const welcome = await driver.workbench.viewWelcome(VIEW);
    assert.match(welcome, /nothing was sent to it.*Try Again.*Diagnose Connection/s);
    assert.deepEqual(other.requests.entries, []);
  });
});
