import assert from 'node:assert/strict';
import { readTokens } from '../../../../src/protocol/html/tokens';

describe('the tokens of HTML', () => {
  const read = (html: string): readonly string[] =>
    [...readTokens(html)].map((token) => {
      if (token.kind === 'text') return JSON.stringify(token.text);
      if (token.kind === 'close') return `/${token.name}`;
      return [token.name, ...[...token.attributes].map(([name, value]) => `${name}=${value}`)].join(' ');
    });

  const cases: readonly [what: string, html: string, tokens: readonly string[]][] = [
    ['none of nothing', '', []],
    ['text, tags and text in their order', 'a<b>c</b>d', ['"a"', 'b', '"c"', '/b', '"d"']],
    ['names in lower case', '<INPUT Name=X></INPUT>', ['input name=X', '/input']],
    [
      'attributes in any quotes and order, over several lines',
      `<input\n  value='a "b" >' id = c\tname="d 'e'"/>`,
      [`input value=a "b" > id=c name=d 'e'`],
    ],
    ['attributes without a value', '<input checked disabled>', ['input checked= disabled=']],
    ['attributes without space between', `<a b="1"c='2'd=3>`, ['a b=1 c=2 d=3']],
    ['the first of attributes that are given twice', '<a b=1 B=2>', ['a b=1']],
    ['odd attributes as they are', '<a =b "c" <d>', ['a =b= "c"= <d=']],
    [
      'decoded entities',
      '<a b="1 &amp; &#50;">&lt;b&gt; &eacute;&#x27;</a>',
      ['a b=1 & 2', `"<b> é'"`, '/a'],
    ],
    ['unknown entities as they are', '&xyzzy; & &', ['"&xyzzy; & &"']],
    ['a lonely sign as text', '1 < 2 <3', ['"1 "', '"<"', '" 2 "', '"<"', '"3"']],
    ['no comments and declarations', '<!DOCTYPE html><!-- <a> --><?x?></ y>b<!-->c', ['"b"', '"c"']],
    ['nothing behind a comment without an end', 'a<!-- b', ['"a"']],
    [
      'no content of scripts and styles',
      `<script>'<a>'</SCRIPT >b<style>c`,
      ['script', '/script', '"b"', 'style'],
    ],
    ['nothing behind a tag without an end', 'a<b c="d> e', ['"a"']],
    ['nothing behind an end that is none', 'a<b c', ['"a"']],
  ];
  for (const [what, html, tokens] of cases) {
    it(`are ${what}`, () => assert.deepEqual(read(html), tokens));
  }

  it('take time that grows with the length alone, whatever repeats', () => {
    const pieces = [
      '<',
      '<a',
      '<a ',
      '<a b="',
      '<a b=\'"',
      '</',
      '<!--',
      '<div>',
      '<script>',
      '&',
      '&#',
      ' ',
      '<a b=c ',
    ];
    const tooLong = pieces.filter((piece) => {
      const html = piece.repeat(200_000 / piece.length);
      const before = process.cpuUsage();
      for (const token of readTokens(html)) assert.ok(token);
      const { user, system } = process.cpuUsage(before);
      return user + system > 2_000_000; // what is quadratic takes minutes
    });
    assert.deepEqual(tooLong, []);
  });
});
