import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { print } from '../../src/admin/print.js';

/** What is read of it only when the test says so, as by a pipe's slow reader. */
function slowReader() {
  let readAll: () => void = () => undefined;
  let read = '';
  const output = new Writable({
    write: (chunk, _, done) => {
      readAll = () => {
        read += String(chunk);
        done();
      };
    },
  });
  return { output, readAll: () => readAll(), text: () => read };
}

test('what is printed is out before the process may end, however slow its reader', async () => {
  const { output, readAll, text } = slowReader();
  let isPrinted = false;
  const printing = print(output, 'x'.repeat(100_000)).then(() => {
    isPrinted = true;
  });
  await turn();
  expect(isPrinted).toBe(false);
  readAll();
  await printing;
  expect(text()).toBe(`${'x'.repeat(100_000)}\n`);
});

test.each([
  ['goes before it has read all', (output: Writable) => output.destroy(new Error('EPIPE'))],
  ['goes without a word', (output: Writable) => output.destroy()],
])('a reader that %s keeps nothing from ending', async (_, leave) => {
  const output = new PassThrough({ highWaterMark: 1 });
  const printing = print(output, 'x'.repeat(100_000));
  leave(output);
  await printing;
  await print(output, 'more');
});
