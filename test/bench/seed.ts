// Fills a data directory with images without importing any: rows as the store would have written
// them, in large transactions on a connection of its own, before a server starts on the directory.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../src/store/sqlite/open.ts';

export interface SeedOptions {
  dataDir: string;
  accountId: string;
  regionId: string;
  families: number;
  images: number;
}

export const familyName = (index: number): string => `family-${index}`;

const IMAGES_PER_COMMIT = 50_000;
const START_MS = Date.UTC(2026, 0, 1);

/** Spreads `images` evenly over `families`; the newest of each is Available like all others. */
export const seedImages = (options: SeedOptions): void => {
  const { dataDir, accountId, regionId, families, images } = options;
  const database = new DatabaseSync(join(dataDir, DATABASE_FILE));
  database.exec('PRAGMA synchronous = OFF');
  const image = database.prepare(
    `INSERT INTO image (image_id, account_id, region_id, seq, creation_ms, image_name, image_family,
      image_version, description, status, progress, architecture, os_type, platform, boot_mode,
      license_type, nvme_support, imds_support, secure_boot_support, detection_strategy,
      resource_group_id, is_copied, is_public, is_support_cloudinit, size_gib, origin)
     VALUES (?, ?, ?, ?, ?, ?, ?, '', 'nightly build', 'Available', 100, 'x86_64', 'linux', 'Ubuntu',
      'BIOS', 'Aliyun', 'unsupported', 'v1', '', '', '', 0, 0, 1, 40, 'ImportImage')`,
  );
  const disk = database.prepare(
    `INSERT INTO image_disk VALUES (?, 1, ?, '/dev/xvda', 'system', 40, 'QCOW2', 'golden', ?, ?)`,
  );
  const tag = database.prepare(`INSERT INTO tag VALUES (?, ?, 'image', ?, 'stage', 'production')`);
  for (let from = 0; from < images; from += IMAGES_PER_COMMIT) {
    database.exec('BEGIN');
    for (let i = from; i < Math.min(images, from + IMAGES_PER_COMMIT); i++) {
      const id = i.toString(36).padStart(17, '0');
      const args = [`m-bp1${id}`, accountId, regionId, i + 1, START_MS + i, `image-${i}`];
      image.run(...args, familyName(i % families));
      disk.run(`m-bp1${id}`, accountId, `disk-${i}.qcow2`, `s-bp1${id}`);
      tag.run(accountId, regionId, `m-bp1${id}`);
    }
    database.exec('COMMIT');
  }
  const family = database.prepare('INSERT INTO family VALUES (?, ?, ?, ?, ?, ?)');
  database.exec('BEGIN');
  for (let f = 0; f < Math.min(families, images); f++) {
    const count = Math.floor((images - 1 - f) / families) + 1;
    const head = (f + (count - 1) * families).toString(36).padStart(17, '0');
    family.run(accountId, regionId, familyName(f), count, `m-bp1${head}`, START_MS);
  }
  database
    .prepare('INSERT INTO account_region VALUES (?, ?, ?, 1, ?, ?, ?)')
    .run(accountId, regionId, images + 1, START_MS + images, images, Math.min(families, images));
  database.exec('COMMIT');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
};
