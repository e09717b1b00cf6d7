import assert from 'node:assert/strict';
import { toHeaders } from '../../../../src/protocol/http/answer';
import { Cookies } from '../../../../src/protocol/http/cookies';

describe('the cookies of an account', () => {
  const hub = new URL('https://nb.data.example/nb/hub/home');
  const lab = new URL('https://vrubin.nb.data.example/nb/user/vrubin/api');
  const take = (cookies: Cookies, url: URL, ...values: readonly string[]): void =>
    cookies.take(url, toHeaders({ 'set-cookie': [...values] }));

  it('go back byte for byte, quotes and bars included', () => {
    const cookies = new Cookies();
    take(
      cookies,
      hub,
      'jupyterhub-hub-login="2|1:0|10:17|20:jupyterhub|abc="; Path=/nb/hub/; HttpOnly; Secure',
    );
    assert.equal(cookies.header(hub), 'jupyterhub-hub-login="2|1:0|10:17|20:jupyterhub|abc="');
  });

  it('of hub and lab stay apart, but for the one with a domain', () => {
    const cookies = new Cookies();
    take(
      cookies,
      hub,
      '_xsrf=hub; Path=/nb/hub/',
      'jupyterhub-session-id=s; Path=/nb/; Domain=nb.data.example',
    );
    take(cookies, lab, '_xsrf=lab; Path=/nb/user/vrubin/');
    assert.deepEqual(
      [
        cookies.value(hub, '_xsrf'),
        cookies.value(lab, '_xsrf'),
        cookies.value(lab, 'jupyterhub-session-id'),
        cookies.header(new URL('https://data.example/nb/hub/')),
      ],
      ['hub', 'lab', 's', undefined],
    );
  });

  it('go to a WebSocket as to a page', () => {
    const cookies = new Cookies();
    take(cookies, lab, 'jupyterhub-user-vrubin=u; Path=/nb/user/vrubin/; Secure');
    const socket = new URL('wss://vrubin.nb.data.example/nb/user/vrubin/api/kernels/1/channels');
    const insecure = new URL(socket.href.replace('wss', 'ws'));
    assert.deepEqual(
      [cookies.header(socket), cookies.header(insecure)],
      ['jupyterhub-user-vrubin=u', undefined],
    );
  });

  it('are replaced by newer ones and forgotten when they end', () => {
    const cookies = new Cookies();
    take(cookies, hub, '_xsrf=old; Path=/nb/hub/', 'gone=1; Path=/nb/hub/');
    take(cookies, hub, '_xsrf=new; Path=/nb/hub/', 'gone=; Path=/nb/hub/; Max-Age=0');
    assert.deepEqual([cookies.header(hub), cookies.value(hub, 'gone')], ['_xsrf=new', undefined]);
  });

  it('that another site wants to set are left out', () => {
    const cookies = new Cookies();
    take(cookies, hub, 'a=1; Domain=elsewhere.example', 'b=2');
    assert.equal(cookies.header(hub), 'b=2');
  });

  it('that no header could carry, or no browser would keep, are left out', () => {
    const cookies = new Cookies();
    take(cookies, hub, 'a=\u661f', 'b=\u0000', `c=${'x'.repeat(5000)}`, 'd=\u00e9');
    assert.equal(cookies.header(hub), 'd=\u00e9');
  });

  it('are kept up to a number that nobody needs, and renewed beyond it', () => {
    const cookies = new Cookies();
    take(cookies, hub, ...Array.from({ length: 60 }, (_, index) => `n${index}=old`), 'n0=new');
    const header = cookies.header(hub) ?? '';
    assert.deepEqual([header.split('; ').length, cookies.value(hub, 'n0')], [50, 'new']);
  });
});
