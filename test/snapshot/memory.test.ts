import { expect, it } from 'vitest';

import { blobId, editedTree, memoryTree } from '../../src/snapshot/memory.ts';

const tree = memoryTree({
  'b/c.yaml': 'c',
  'a.yaml': 'a',
  'b/d/e.yaml': 'e',
  'x.bin': Buffer.of(0),
});

it('lists by path and knows directories', () => {
  expect(tree.list().map(({ path }) => path)).toEqual([
    'a.yaml',
    'b/c.yaml',
    'b/d/e.yaml',
    'x.bin',
  ]);
  expect(tree.children('')).toEqual(['a.yaml', 'b', 'x.bin']);
  expect(tree.children('b')).toEqual(['c.yaml', 'd']);
  expect(tree.isDirectory('b/d')).toBe(true);
  expect(tree.isDirectory('a.yaml')).toBe(false);
});

it('tells text from binary, absent and never read', () => {
  expect(tree.read('a.yaml')).toMatchObject({ state: 'text', text: 'a' });
  expect(tree.read('x.bin')).toMatchObject({ state: 'binary' });
  expect(memoryTree({ a: Buffer.of(0xff) }).read('a')).toMatchObject({ state: 'binary' });
  expect(tree.read('b')).toEqual({ state: 'missing' });
});

it('gives contents the ids that git gives them', () => {
  expect(blobId(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});

it('puts edits over a tree', () => {
  const edited = editedTree(tree, { 'a.yaml': 'new', 'z/n.yaml': 'n' });
  expect(edited.read('a.yaml')).toMatchObject({ text: 'new' });
  expect(edited.read('b/c.yaml')).toMatchObject({ text: 'c' });
  expect(edited.children('')).toEqual(['a.yaml', 'b', 'x.bin', 'z']);
});
