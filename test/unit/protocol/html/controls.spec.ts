import assert from 'node:assert/strict';
import { readControls, readText } from '../../../../src/protocol/html/controls';

describe('the controls of a form', () => {
  const read = (html: string): readonly unknown[] =>
    readControls(html).map(({ name, value, label, isChosen }) => [name, value, label, isChosen]);

  it('have the text of the label that names them, wherever it stands', () => {
    const html = `<label for=b>B
      <b>bold</b></label><input name=x value=1 id=a checked><label for="a">A</label><input name=x value=2 id=b>`;
    assert.deepEqual(read(html), [
      ['x', '1', 'A', true],
      ['x', '2', 'B bold', false],
    ]);
  });

  it('have the text of the label around them when none names them', () => {
    assert.deepEqual(read('<label>Yes <input name=x value=1> please</label>'), [
      ['x', '1', 'Yes please', false],
    ]);
  });

  it('have the first of two labels, and the text of one without an end', () => {
    const html =
      '<input name=x id=a><label for=a>First</label><label for=a>Second</label><input name=y id=b><label for=b>Rest';
    assert.deepEqual(read(html), [
      ['x', undefined, 'First', false],
      ['y', undefined, 'Rest', false],
    ]);
  });

  it('are the options of a selection, with or without end tags and groups', () => {
    const html = `<select name=s><optgroup label=G><option value=" 1 ">One<option selected value=2> Two
      </option></optgroup></select><option value=3>Lost</option>`;
    assert.deepEqual(read(html), [
      ['s', '1', 'One', false],
      ['s', '2', 'Two', true],
    ]);
  });

  it('are none without a name, and none that cannot be chosen', () => {
    assert.deepEqual(
      read('<input value=1><input name=x value=1 disabled><select><option value=1></select>'),
      [],
    );
  });

  it('leave the text that people read', () => {
    assert.equal(
      readText('<h2>Notebooks<br>unavailable</h2>\n<style>a</style><p>now &amp; then'),
      'Notebooks unavailable now & then',
    );
  });
});
