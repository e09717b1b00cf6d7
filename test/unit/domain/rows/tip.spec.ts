import assert from 'node:assert/strict';
import { inert, markdownOf, plainTextOf, tame, tip } from '../../../../src/domain/rows/tip';

describe('what is told of a row', () => {
  const told = {
    ...tip('Lab', 'It runs.', [
      ['Size', 'large'],
      ['Image', undefined],
    ]),
    page: new URL('https://data.example/a b?c=<d>'),
  };

  it('is a title, paragraphs and tables, without facts that are not known', () => {
    assert.equal(
      markdownOf(told),
      [
        '**Lab**',
        'It runs\\.',
        '| | |\n|:--|:--|\n| Size | large |',
        '<https://data.example/a%20b?c=%3Cd%3E>',
      ].join('\n\n'),
    );
    assert.equal(markdownOf(tip('Lab', '', [['Image', undefined]])), '**Lab**');
  });

  it('is one line for each thing where there are no marks', () => {
    assert.equal(plainTextOf(told), 'Lab\nIt runs.\nSize: large\nhttps://data.example/a%20b?c=%3Cd%3E');
  });

  it('holds no link, command, picture, icon, HTML or line of its own from the words of a server', () => {
    const words = [
      '[x](command:workbench.action.quit)',
      'https://evil.example www.evil.example a@evil.example <https://evil.example>',
      '![p](https://evil.example/p.png) <img src="https://evil.example/p.png"> &lt;',
      '$(zap) `code` **b** _i_ ~~s~~ | c\n# title\n- item\n1. item\n> quote \\',
    ].join('\n\n');
    const marks = /(?<!\\)(?:\\\\)*[!-/:-@[-`{-~]/.exec(inert(words).replace(/\\[!-/:-@[-`{-~]/g, ''));
    assert.deepEqual([marks, inert(words).includes('\n')], [null, false]);
    for (const place of [tip(words), tip('t', words), tip('t', [[words, words]])])
      assert.equal(markdownOf(place).includes(inert(words)), true);
  });

  it('keeps the links to pages of what the people of a site write, and fetches nothing', () => {
    assert.deepEqual(
      [
        tame('See [here](https://site.example/a) and [there][1].\n\n[1]: https://site.example'),
        tame('[x](command:quit) [y]( file:///etc/passwd ) [z][1]\n\n[1]: command:quit'),
        tame('![p](https://evil.example/p.png) ![q][1] ![r] <img src="https://evil.example">'),
      ],
      [
        'See [here](https://site.example/a) and [there][1].\n\n[1]: https://site.example',
        '[x] [y] [z][1]\n\n[1]:',
        'p q !\\[r] \\<img src="https://evil.example">',
      ],
    );
  });
});
