// The official SDK sees what a seed says: every image with its words, and the families as their rule has it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../../src/client/settings.ts';
import { openCliScene } from '../../src/testing/cli-scene.ts';
import { NEWEST_V1, NEWEST_V3 } from './clients.ts';

const REGION = 'cn-hangzhou';
const SEED = {
  Ids: 'by-name',
  Images: [
    { ImageName: 'web-1', ImageFamily: 'web', CreationTime: '2026-01-01T08:00:00Z' },
    { ImageName: 'web-3', ImageFamily: 'web', CreationTime: '2026-03-01', Status: 'Deprecated' },
    {
      ImageName: 'web-2',
      ImageFamily: 'web',
      ImageVersion: 'v2',
      CreationTime: '2026-02-01T08:00:00Z',
      Description: 'the one to boot',
      Platform: 'Ubuntu',
      Architecture: 'arm64',
      Size: 40,
      Tags: [{ Key: 'env', Value: 'test' }],
    },
  ],
};

for (const client of [NEWEST_V3, NEWEST_V1])
  test(`${client.name} sees a seed`, async (t) => {
    const scene = await openCliScene(t, '--test-controls', '--catalogue=none');
    const file = join(scene.root, 'seed.json');
    writeFileSync(file, JSON.stringify(SEED));
    const applied = await scene.run('seed', 'apply', file);
    assert.equal(applied.exitCode, 0, applied.stderr);
    const { key } = readSettings({ data: join(scene.root, 'data') }, {}, '/nonexistent');
    const { hostname: host, port } = new URL(scene.url);
    const call = client.connect({ url: scene.url, host, port: Number(port), ...key! });

    const { Image } = await call('DescribeImageFromFamily', {
      RegionId: REGION,
      ImageFamily: 'web',
    });
    const { Tags, ...wanted } = SEED.Images[2]!;
    for (const [name, value] of Object.entries(wanted)) assert.equal(Image[name], value, name);
    assert.deepEqual(Image.Tags.Tag, [{ TagKey: Tags![0]!.Key, TagValue: Tags![0]!.Value }]);

    const Status = 'Available,Deprecated';
    const { Images } = await call('DescribeImages', { RegionId: REGION, Status });
    assert.deepEqual(
      Images.Image.map((one: Record<string, string>) => [
        one.ImageName,
        one.Status,
        one.CreationTime,
      ]),
      [
        ['web-3', 'Deprecated', '2026-03-01T00:00:00Z'],
        ['web-2', 'Available', '2026-02-01T08:00:00Z'],
        ['web-1', 'Available', '2026-01-01T08:00:00Z'],
      ],
    );
  });
