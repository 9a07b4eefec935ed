import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REASONS, WARNINGS } from './reasons.ts';

test('the guide explains every code with the sentence that goes with it', () => {
  const page = readFileSync(new URL('../../docs/guide/disk-images.md', import.meta.url), 'utf8');
  const shown = new Map(
    [...page.matchAll(/^\| `([A-Z0-9_]+)`\s*\|(.*)\|$/gm)].map(([, code, text = '']) => [
      code,
      text.trim(),
    ]),
  );
  assert.deepEqual(Object.fromEntries(shown), { ...REASONS, ...WARNINGS });
});
