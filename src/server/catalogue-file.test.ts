import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CATALOGUE_IMAGES } from '../domain/catalogue-images.ts';
import type { RegionId } from '../domain/ids.ts';
import { openCatalogue, readCatalogue } from './catalogue-file.ts';
import { readServeConfig } from './config.ts';

const REGION = 'cn-hangzhou' as RegionId;
const ENTRY = {
  ImageId: 'house_1_x64.vhd',
  ImageFamily: 'acs:house_1_x64',
  CreationTime: '2026-01-01T00:00:00Z',
  OSType: 'linux',
  Platform: 'Debian',
  OSName: 'House  1 64位',
  OSNameEn: 'House  1 64 bit',
  Architecture: 'x86_64',
  Size: 20,
};

test('the built-in list passes its own check, newest first in every region', () => {
  const images = readCatalogue([...CATALOGUE_IMAGES], 'built in').imagesIn(REGION);
  assert.equal(images.length, CATALOGUE_IMAGES.length);
  const times = images.map((image) => image.creationMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  assert.equal(new Set(images.map((image) => image.imageFamily)).size, images.length);
});

test('each fault of a list is named', () => {
  const cases: [unknown, RegExp][] = [
    [{}, /must hold a list/],
    [[7], /image 1 is not an object/],
    [[ENTRY, ENTRY], /image 2 repeats the ImageId house_1_x64.vhd/],
    [[{ ...ENTRY, Colour: 'red' }], /image 1 has the unknown field Colour/],
    [[{ ...ENTRY, ImageId: 'm-bp1' }], /image 1: ImageId must be/],
    [[{ ...ENTRY, ImageFamily: 'house' }], /ImageFamily must be acs:/],
    [[{ ...ENTRY, ImageFamily: 'acs:123:house' }], /ImageFamily must be acs:/],
    [[{ ...ENTRY, CreationTime: '2026-01-01' }], /CreationTime must be/],
    [[{ ...ENTRY, Size: '20' }], /Size must be/],
    [[{ ...ENTRY, OSType: undefined }], /OSType must be/],
    [[null, {}], /and \d+ more faults/],
  ];
  for (const [list, expected] of cases)
    assert.throws(() => readCatalogue(list, 'list.json'), expected);
});

test('the setting: absent, none, a file, and files that are none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-catalogue-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'list.json');
  writeFileSync(file, JSON.stringify([ENTRY]));
  const count = (setting?: string) => openCatalogue(setting).imagesIn(REGION).length;
  assert.equal(count(), CATALOGUE_IMAGES.length);
  assert.equal(count('none'), 0);
  assert.equal(count(file), 1);
  assert.throws(() => openCatalogue(join(folder, 'missing.json')), /cannot be read \(ENOENT\)/);
  writeFileSync(file, '[');
  assert.throws(() => openCatalogue(file), /is not JSON/);
  const config = readServeConfig([], { KINDRED_CATALOGUE: 'none' });
  assert.equal(config.catalogue.imagesIn(REGION).length, 0);
});
