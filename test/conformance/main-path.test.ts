// The main path from outside, through every official client of Node and through XML: import, family,
// resolve, deprecate, restore, delete. Black box: with KINDRED_URL it runs against any Kindred.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { CLIENTS, getSigned, NEWEST, type Answer, type Target } from './clients.ts';
import { recorded } from './record.ts';
import { tellStory } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';
import { asXml, parseXml, type XmlNode } from './xml.ts';
import { createRequire } from 'node:module';
import type { ModelClass } from '../wire/corpus.ts';

/** Order of members is no part of either format. */
const sorted = (node: XmlNode): XmlNode => ({
  ...node,
  children: node.children
    .map(sorted)
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
});

/** Field for field: the XML answer is the JSON answer. */
const sameInXml =
  (target: Target) =>
  async (family: string, image: Answer): Promise<void> => {
    const input = { RegionId: REGION, ImageFamily: family };
    const response = await getSigned(target, 'DescribeImageFromFamily', input, 'XML');
    assert.equal(response.headers.get('content-type'), 'text/xml;charset=utf-8');
    const root = parseXml(await response.text());
    assert.equal(root.name, 'DescribeImageFromFamilyResponse');
    assert.deepEqual(root.children.map(({ name }) => name).toSorted(), ['Image', 'RequestId']);
    const shown = root.children.find(({ name }) => name === 'Image');
    assert.deepEqual(sorted(shown!), sorted(asXml('Image', image)[0]!));
  };

test('the main path', { concurrency: CLIENTS.length }, async (t) => {
  const { target, putObject } = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const stories = CLIENTS.map((client, i) =>
    t.test(client.name, async (t) => {
      const { id } = client;
      const call = client.connect(id === undefined ? target : await recorded(t, target, id));
      await tellStory({ call, run: `${run}-${i}`, putObject, resolved: sameInXml(target) });
    }),
  );
  await Promise.all(stories);
});

test('the models of the newest SDK have the 23 fields that are compared', () => {
  const sdk = createRequire(import.meta.url)(NEWEST) as Record<string, ModelClass>;
  assert.equal(Object.keys(sdk.DescribeImageFromFamilyResponseBodyImage!.types()).length, 23);
});
