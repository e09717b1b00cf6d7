import { lookAround, pickRunningLab, runCell, signIn, startLabFromPalette, stopLab, walkPath } from './path';
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
});
